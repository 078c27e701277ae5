import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Cluster, serverOf, specOf, type SpecPatch } from "../../support/plan/cluster.ts";
import { statusAndReason } from "../../support/plan/conditions.ts";

describe("PassivePortsPublished", () => {
  const limits: [what: string, patch: SpecPatch, nodes: [] | undefined, expected: string][] = [
    [
      "are restricted at the load balancer, but not at node ports",
      { replicas: 2 },
      [],
      "True NodePortsOpenToAllClients",
    ],
    [
      "are restricted by the load balancer only",
      { replicas: 2 },
      undefined,
      "True RestrictedByLoadBalancerOnly",
    ],
    [
      "cannot be restricted behind node ports",
      {
        exposure: { type: "NodePort", controlPort: 21, nodePort: { controlPort: 30021 } },
        passive: { ...specOf().passive, portRange: { first: 30100, last: 30109 } },
      },
      [],
      "True PublishedToAllClients",
    ],
  ];
  for (const [what, patch, nodes, expected] of limits) {
    test(`reports that clients ${what}`, () => {
      const networkPolicy = { mode: "Managed" as const, allowedClients: ["192.0.2.0/24"], metricsFrom: [] };
      const cluster = new Cluster(serverOf({ ...patch, networkPolicy }));
      cluster.settle(nodes === undefined ? { nodes } : {});
      assert.equal(statusAndReason(cluster.server, "PassivePortsPublished"), expected);
    });
  }

  test("has no warning with a load balancer without node ports", () => {
    const networkPolicy = { mode: "Managed" as const, allowedClients: ["192.0.2.0/24"], metricsFrom: [] };
    const cluster = new Cluster(serverOf({ replicas: 2, networkPolicy }));
    cluster.settle();
    for (const { spec } of cluster.all("Service")) for (const port of spec.ports ?? []) delete port.nodePort;
    cluster.settle();
    assert.equal(statusAndReason(cluster.server, "PassivePortsPublished"), "True Published");
  });
});
