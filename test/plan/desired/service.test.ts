import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FtpServerSpec } from "../../../src/api/ftpserver.generated.ts";
import type { Service } from "../../../src/plan/model/objects.ts";
import { childOf } from "../../support/plan/children-of.ts";
import {
  serverOf,
  specOf,
  Cluster,
  type ExposurePatch,
  type LoadBalancerPatch,
  type SpecPatch,
} from "../../support/plan/cluster.ts";

function service(spec: SpecPatch): Service["spec"] {
  const object = childOf("Service", spec);
  assert.ok(object);
  return object.spec;
}

function passive(first: number, last: number): FtpServerSpec["passive"] {
  return { ...specOf().passive, portRange: { first, last } };
}

function balancer(loadBalancer: LoadBalancerPatch, service: ExposurePatch["service"] = {}): ExposurePatch {
  return { type: "LoadBalancer", controlPort: 21, loadBalancer, service };
}

function clients(...allowedClients: string[]): FtpServerSpec["networkPolicy"] {
  return { mode: "Managed", allowedClients, metricsFrom: [], egress: [] };
}

describe("the Service", () => {
  test("routes every port to the pod port of the same name", () => {
    const { ports, selector } = service({ passive: passive(50000, 50001) });
    assert.deepEqual(ports, [
      { name: "ftp", port: 21, protocol: "TCP", targetPort: "ftp" },
      { name: "pasv-50000", port: 50000, protocol: "TCP", targetPort: "pasv-50000" },
      { name: "pasv-50001", port: 50001, protocol: "TCP", targetPort: "pasv-50001" },
    ]);
    assert.deepEqual(selector, {
      "app.kubernetes.io/name": "ftp-server",
      "app.kubernetes.io/instance": "demo",
    });
  });

  test("sets the node ports to the numbers to which clients connect", () => {
    const { ports, type, externalTrafficPolicy } = service({
      exposure: { type: "NodePort", controlPort: 21, nodePort: { controlPort: 30021 } },
      passive: passive(30100, 30101),
    });
    assert.deepEqual([type, externalTrafficPolicy], ["NodePort", "Cluster"]);
    assert.deepEqual(
      ports?.map(({ port, nodePort }) => [port, nodePort]),
      [
        [21, 30021],
        [30100, 30100],
        [30101, 30101],
      ],
    );
  });

  const policies: [replicas: number, asked: "Local" | "Cluster" | undefined, expected: string][] = [
    [1, undefined, "Local"],
    [2, undefined, "Cluster"],
    [1, "Cluster", "Cluster"],
  ];
  for (const [replicas, asked, expected] of policies) {
    test(`uses ${expected} for ${replicas} replicas when the spec has ${asked ?? "no policy"}`, () => {
      const exposure = balancer({}, asked === undefined ? {} : { externalTrafficPolicy: asked });
      assert.equal(service({ replicas, exposure }).externalTrafficPolicy, expected);
    });
  }

  test("has no traffic policy with type ClusterIP", () => {
    const spec = service({ exposure: { type: "ClusterIP", controlPort: 21 } });
    assert.equal(spec.type, "ClusterIP");
    assert.ok(!("externalTrafficPolicy" in spec));
  });

  test("has the class and the annotations of the load balancer", () => {
    const annotations = { "example.com/size": "small" };
    const object = childOf("Service", { exposure: balancer({ class: "example.com/lb" }, { annotations }) });
    assert.equal(object?.spec.loadBalancerClass, "example.com/lb");
    assert.equal(object.metadata.annotations?.["example.com/size"], "small");
  });

  const ranges: [what: string, spec: SpecPatch, expected: string[] | undefined][] = [
    ["everybody", {}, undefined],
    [
      "the list of the load balancer",
      { exposure: balancer({ sourceRanges: ["192.0.2.0/24"] }) },
      ["192.0.2.0/24"],
    ],
    ["no clients of the policy under Local", { networkPolicy: clients("192.0.2.0/24") }, undefined],
    [
      "clients of the policy under Cluster",
      { replicas: 2, networkPolicy: clients("192.0.2.0/24") },
      ["192.0.2.0/24"],
    ],
    [
      "what both lists allow",
      {
        replicas: 2,
        exposure: balancer({ sourceRanges: ["192.0.2.0/24", "2001:db8::/32"] }),
        networkPolicy: clients("192.0.2.64/26", "198.51.100.0/24", "2001:db8:1::/48"),
      },
      ["192.0.2.64/26", "2001:db8:1::/48"],
    ],
    [
      "nobody, when no client is in both lists",
      {
        replicas: 2,
        exposure: balancer({ sourceRanges: ["192.0.2.0/24"] }),
        networkPolicy: clients("198.51.100.0/24"),
      },
      ["0.0.0.0/32"],
    ],
  ];
  for (const [what, spec, expected] of ranges) {
    test(`admits ${what}`, () => assert.deepEqual(service(spec).loadBalancerSourceRanges, expected));
  }

  const families: [what: string, families: string[], allowed: string[], expected: string[]][] = [
    ["IPv4 clients where the list has none", ["IPv4"], ["2001:db8::/32"], ["2001:db8::/32", "0.0.0.0/32"]],
    ["IPv6 clients where the list has none", ["IPv6"], ["192.0.2.0/24"], ["192.0.2.0/24", "::/128"]],
    ["nobody of a family that the Service has not", ["IPv4"], ["192.0.2.0/24"], ["192.0.2.0/24"]],
    ["either family", ["IPv6", "IPv4"], ["192.0.2.0/24"], ["192.0.2.0/24", "::/128"]],
  ];
  for (const [what, ipFamilies, allowed, expected] of families) {
    test(`rejects ${what}`, () => {
      const cluster = new Cluster(serverOf({ replicas: 2, networkPolicy: clients(...allowed) }));
      cluster.settle();
      const [made] = cluster.all("Service");
      assert.ok(made);
      Object.assign(made.spec, { ipFamilies });
      cluster.settle();
      assert.deepEqual(cluster.all("Service")[0]?.spec.loadBalancerSourceRanges, expected);
    });
  }

  test("rejects a family in which the lists have no CIDR in common", () => {
    const spec = service({
      replicas: 2,
      exposure: balancer({ sourceRanges: ["198.51.100.0/24", "2001:db8::/32"] }),
      networkPolicy: clients("192.0.2.0/24", "2001:db8::/32"),
    });
    assert.deepEqual(spec.loadBalancerSourceRanges, ["2001:db8::/32", "0.0.0.0/32"]);
  });
});
