import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plan } from "../../../src/plan/plan.ts";
import { childOf } from "../../support/plan/children-of.ts";
import { NODES, serverOf, Cluster } from "../../support/plan/cluster.ts";

const EXPOSURE = { type: "HostPort", controlPort: 21 } as const;

describe("an FtpServer with host ports", () => {
  test("has each port on its node, in one slot that is replaced in place", () => {
    const set = childOf("StatefulSet", { exposure: EXPOSURE });
    const ports = set?.spec.template.spec.containers[0]?.ports ?? [];
    assert.deepEqual(
      ports.map(({ name, hostPort }) => [name, hostPort]),
      [
        ["ftp", 21],
        ["metrics", undefined],
        ...Array.from({ length: 10 }, (_, index) => [`pasv-${50000 + index}`, 50000 + index]),
      ],
    );
    assert.equal(childOf("Service", { exposure: EXPOSURE })?.spec.type, "ClusterIP");
  });

  test("announces the external address of the node of the serving pod, or else its internal address", () => {
    const cluster = new Cluster(serverOf({ exposure: EXPOSURE }));
    cluster.settle();
    const observed = cluster.observe();
    for (const pod of observed.children.pods)
      pod.status = {
        ...pod.status,
        hostIP: "198.51.100.12",
        conditions: [{ type: "Ready", status: "True" }],
      };
    assert.equal(plan(observed).status.endpoint, "ftp://198.51.100.12:21");
    const [one, two] = NODES;
    assert.ok(one && two);
    const addresses = [...two.addresses, { type: "ExternalIP", address: "203.0.113.9" } as const];
    assert.equal(
      plan({ ...observed, nodes: [one, { ...two, addresses }] }).status.addresses?.[0]?.value,
      "203.0.113.9",
    );
  });

  test("reports the missing address while no pod serves", () => {
    const cluster = new Cluster(serverOf({ exposure: EXPOSURE }));
    const { status } = cluster.step();
    assert.equal(status.addresses?.[0]?.value, undefined);
  });
});
