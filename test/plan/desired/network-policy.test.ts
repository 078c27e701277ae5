import type { SpecPatch } from "../../support/plan/cluster.ts";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FtpServerSpec } from "../../../src/api/ftpserver.generated.ts";
import type { Observed } from "../../../src/plan/model/observed.ts";
import type { NetworkPolicy } from "../../../src/plan/model/objects.ts";
import { childOf } from "../../support/plan/children-of.ts";

type Policy = Partial<FtpServerSpec["networkPolicy"]>;

function policy(
  networkPolicy: Policy,
  spec: SpecPatch = {},
  observed: Partial<Observed> = {},
): NetworkPolicy["spec"] {
  const full = {
    mode: "Managed" as const,
    allowedClients: [],
    metricsFrom: [],
    egress: [],
    ...networkPolicy,
  };
  const object = childOf("NetworkPolicy", { ...spec, networkPolicy: full }, observed);
  assert.ok(object);
  return object.spec;
}

const PORTS = [
  { protocol: "TCP", port: 2121 },
  { protocol: "TCP", port: 50000, endPort: 50009 },
];

function cidrs(blocks: readonly string[]): object[] {
  return blocks.map((cidr) => ({ ipBlock: { cidr } }));
}

const SETTINGS: Observed["settings"] = {
  engineImage: "",
  imagePullPolicy: "Always",
  extraNodeAddresses: [],
  reachabilityChecks: true,
};

describe("the NetworkPolicy", () => {
  test("opens the control port and the passive ports to all clients, and permits only DNS as egress", () => {
    assert.deepEqual(policy({}), {
      podSelector: {
        matchLabels: { "app.kubernetes.io/name": "ftp-server", "app.kubernetes.io/instance": "demo" },
      },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ ports: PORTS }],
      egress: [
        {
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
      ],
    });
  });

  test("admits the operator and scrapers to the metrics port", () => {
    const settings = {
      ...SETTINGS,
      operatorPods: { namespace: "ftp-operator", labels: { app: "operator" } },
    };
    const operator = {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ftp-operator" } },
      podSelector: { matchLabels: { app: "operator" } },
    };
    const ports = [{ protocol: "TCP", port: 8080 }];
    assert.deepEqual(policy({}, {}, { settings }).ingress[1], { ports, from: [operator] });
    const { ingress } = policy({ metricsFrom: [{ namespaceSelector: {} }] }, {}, { settings });
    assert.deepEqual(ingress[1], { ports, from: [{ namespaceSelector: {} }, operator] });
  });

  test("admits the allowed clients only", () => {
    const { ingress } = policy({ allowedClients: ["192.0.2.0/24", "2001:db8::/32"] });
    assert.deepEqual(ingress, [{ ports: PORTS, from: cidrs(["192.0.2.0/24", "2001:db8::/32"]) }]);
  });

  test("admits nodes that replace the addresses of clients", () => {
    const observed = {
      settings: {
        engineImage: "",
        imagePullPolicy: "Always" as const,
        extraNodeAddresses: ["198.18.0.0/24"],
        reachabilityChecks: true,
      },
    };
    const { ingress } = policy({ allowedClients: ["192.0.2.0/24"] }, { replicas: 2 }, observed);
    const expected = ["192.0.2.0/24", "198.18.0.0/24", "198.51.100.11/32", "198.51.100.12/32"];
    assert.deepEqual(ingress[0]?.from, cidrs(expected));
  });

  test("restricts only ports when unknown nodes replace the addresses of clients", () => {
    const { ingress } = policy({ allowedClients: ["192.0.2.0/24"] }, { replicas: 2 }, { nodes: undefined });
    assert.deepEqual(ingress, [{ ports: PORTS }]);
  });

  test("opens the metrics port to spec.networkPolicy.metricsFrom", () => {
    const pods = { namespaceSelector: { matchLabels: { name: "monitoring" } }, podSelector: {} };
    const { ingress } = policy({ metricsFrom: [{ cidr: "192.0.2.0/24" }, pods] });
    assert.deepEqual(ingress[1], {
      ports: [{ protocol: "TCP", port: 8080 }],
      from: [{ ipBlock: { cidr: "192.0.2.0/24" } }, pods],
    });
  });

  test("permits active mode to connect to clients from port 1024", () => {
    const active = { active: { mode: "Enabled" as const } };
    const ports = [{ protocol: "TCP", port: 1024, endPort: 65535 }];
    assert.deepEqual(policy({}, active).egress[1], { ports });
    const { egress } = policy({ allowedClients: ["192.0.2.0/24"] }, active);
    assert.deepEqual(egress[1], { ports, to: cidrs(["192.0.2.0/24"]) });
    const from = { active: { mode: "Enabled" as const, sourcePort: 20 } };
    assert.deepEqual(policy({ allowedClients: ["192.0.2.0/24"] }, from).egress, egress, "from any port");
  });

  test("does not exist when it is disabled", () => {
    const networkPolicy = { mode: "Disabled" as const, allowedClients: [], metricsFrom: [] };
    assert.equal(childOf("NetworkPolicy", { networkPolicy }), undefined);
  });
});
