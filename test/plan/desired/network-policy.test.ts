import type { SpecPatch } from "../../support/plan/cluster.ts";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
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
  const full = { mode: "Managed" as const, allowedClients: [], metricsFrom: [], ...networkPolicy };
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
  it("opens the control port and the range to everybody, and lets nothing out but DNS", () => {
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

  it("admits the operator's own pods to the metrics port, beside those that scrape", () => {
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

  it("admits the allowed clients only", () => {
    const { ingress } = policy({ allowedClients: ["192.0.2.0/24", "2001:db8::/32"] });
    assert.deepEqual(ingress, [{ ports: PORTS, from: cidrs(["192.0.2.0/24", "2001:db8::/32"]) }]);
  });

  it("admits nodes too where they masquerade clients", () => {
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

  it("restricts ports only where nodes masquerade clients and are unknown", () => {
    const { ingress } = policy({ allowedClients: ["192.0.2.0/24"] }, { replicas: 2 }, { nodes: undefined });
    assert.deepEqual(ingress, [{ ports: PORTS }]);
  });

  it("opens the metrics port to those who may scrape", () => {
    const pods = { namespaceSelector: { matchLabels: { name: "monitoring" } }, podSelector: {} };
    const { ingress } = policy({ metricsFrom: [{ cidr: "192.0.2.0/24" }, pods] });
    assert.deepEqual(ingress[1], {
      ports: [{ protocol: "TCP", port: 8080 }],
      from: [{ ipBlock: { cidr: "192.0.2.0/24" } }, pods],
    });
  });

  it("lets active mode dial clients, and never below port 1024", () => {
    const active = { active: { mode: "Enabled" as const } };
    const ports = [{ protocol: "TCP", port: 1024, endPort: 65535 }];
    assert.deepEqual(policy({}, active).egress[1], { ports });
    const { egress } = policy({ allowedClients: ["192.0.2.0/24"] }, active);
    assert.deepEqual(egress[1], { ports, to: cidrs(["192.0.2.0/24"]) });
    const from = { active: { mode: "Enabled" as const, sourcePort: 20 } };
    assert.deepEqual(policy({ allowedClients: ["192.0.2.0/24"] }, from).egress, egress, "from any port");
  });

  it("is not made when it is not wished", () => {
    const networkPolicy = { mode: "Disabled" as const, allowedClients: [], metricsFrom: [] };
    assert.equal(childOf("NetworkPolicy", { networkPolicy }), undefined);
  });
});
