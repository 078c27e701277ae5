import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FtpServerSpec } from "../../../src/api/ftpserver.generated.ts";
import type { Condition } from "../../../src/api/kubernetes.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { kstatus } from "../../support/plan/kstatus.ts";
import { NODES, serverOf, specOf, Cluster, type SpecPatch } from "../../support/plan/cluster.ts";

type Spec = SpecPatch;

const loadBalancer = (externalTrafficPolicy: "Cluster" | "Local"): Spec => ({
  exposure: { type: "LoadBalancer", controlPort: 21, service: { externalTrafficPolicy } },
});
const NODE_PORT: Spec = {
  exposure: { type: "NodePort", controlPort: 21, nodePort: { controlPort: 30021 } },
  passive: { ...specOf().passive, portRange: { first: 30100, last: 30109 } },
};
const exposure = (type: "ClusterIP" | "HostPort"): Spec => ({ exposure: { type, controlPort: 21 } });
const PROXY: Spec = { proxyProtocol: { mode: "Enabled", trustedSources: ["192.0.2.1/32"] } };
const tls = (patch: Partial<FtpServerSpec["tls"]>): Spec => ({
  tls: { ...specOf().tls, certificateRef: { name: "demo-tls" }, ...patch },
});

const EXPOSED = "False PlainDataBehindSourceNAT";
const VISIBLE = "True ClientAddressesVisible";
const ENCRYPTED = "True DataConnectionsEncrypted";

function conditionOf({ server }: Cluster): Condition {
  const found = server.status?.conditions?.find(({ type }) => type === "DataConnectionsAttributed");
  assert.ok(found);
  return found;
}

function said(cluster: Cluster): string {
  const { status, reason } = conditionOf(cluster);
  return `${status} ${reason}`;
}

function settled(...specs: Spec[]): Cluster {
  const cluster = new Cluster(serverOf(Object.assign({}, ...specs)));
  cluster.settle();
  return cluster;
}

/** Returns the events about the condition DataConnectionsAttributed. */
function eventsOf(plans: readonly Plan[]): string[] {
  return plans
    .flatMap(({ events }) => events)
    .filter(({ reason }) => [EXPOSED, VISIBLE, ENCRYPTED].some((text) => text.endsWith(` ${reason}`)))
    .map(({ type, reason }) => `${type} ${reason}`);
}

const rounds = (cluster: Cluster, count: number): Plan[] =>
  Array.from({ length: count }, () => cluster.step());

describe("DataConnectionsAttributed", () => {
  const exposures: [what: string, spec: Spec, expected: string][] = [
    ["a load balancer and one replica", {}, VISIBLE],
    ["a load balancer and two replicas", { replicas: 2 }, EXPOSED],
    ["a load balancer with maxReplicas of two", { maxReplicas: 2 }, EXPOSED],
    ["a load balancer with policy Cluster", loadBalancer("Cluster"), EXPOSED],
    ["a load balancer with policy Local", loadBalancer("Local"), VISIBLE],
    ["node ports", NODE_PORT, EXPOSED],
    ["a cluster IP", exposure("ClusterIP"), VISIBLE],
    ["host ports", exposure("HostPort"), VISIBLE],
    ["two replicas and PROXY headers", { replicas: 2, ...PROXY }, VISIBLE],
    ["node ports and PROXY headers", { ...NODE_PORT, ...PROXY }, VISIBLE],
  ];
  for (const [what, spec, expected] of exposures)
    test(`is ${expected} with plain FTP, ${what}`, () => assert.equal(said(settled(spec)), expected));

  const modes: [patch: Partial<FtpServerSpec["tls"]>, expected: string][] = [
    [{ mode: "Disabled" }, EXPOSED],
    [{ mode: "Optional" }, EXPOSED],
    [{ mode: "Optional", dataProtection: "Optional" }, EXPOSED],
    [{ mode: "Required", dataProtection: "Optional" }, EXPOSED],
    [{ mode: "Implicit", dataProtection: "Optional" }, EXPOSED],
    [{ mode: "Required" }, ENCRYPTED],
    [{ mode: "Implicit" }, ENCRYPTED],
  ];
  for (const [patch, expected] of modes)
    test(`is ${expected} behind node ports with tls ${JSON.stringify(patch)}`, () => {
      assert.equal(said(settled(NODE_PORT, tls(patch))), expected);
      assert.equal(said(settled(tls(patch))), VISIBLE);
    });

  test("is False when the operator cannot list nodes, because they replace addresses in any case", () => {
    const cluster = new Cluster(serverOf({ replicas: 2 }));
    cluster.step({ nodes: undefined });
    assert.equal(said(cluster), EXPOSED);
    cluster.step({ nodes: NODES });
    assert.equal(said(cluster), EXPOSED);
  });

  // id: source-nat
  test("leaves the FtpServer Ready and names the alternatives", () => {
    const balanced = settled({ replicas: 2 });
    assert.equal(kstatus(balanced.server), "Current");
    const advice =
      /externalTrafficPolicy` to `Local`.*spec\.proxyProtocol.*spec\.tls\.dataProtection` to `Required`/;
    assert.match(conditionOf(balanced).message, advice);
    const onNodes = conditionOf(settled(NODE_PORT)).message;
    assert.match(onNodes, /another `spec\.exposure\.type`.*spec\.proxyProtocol.*spec\.tls\.dataProtection/);
    assert.doesNotMatch(onNodes, /externalTrafficPolicy/);
  });

  // id: source-nat-2
  test("has one warning event per transition and one when it clears", () => {
    const cluster = new Cluster(serverOf({ replicas: 2 }));
    assert.deepEqual(eventsOf(rounds(cluster, 3)), ["Warning PlainDataBehindSourceNAT"]);
    cluster.change(tls({ mode: "Required" }));
    assert.deepEqual(eventsOf(rounds(cluster, 3)), ["Normal DataConnectionsEncrypted"]);
    cluster.change(tls({ mode: "Required", dataProtection: "Optional" }));
    assert.deepEqual(eventsOf(rounds(cluster, 3)), ["Warning PlainDataBehindSourceNAT"]);
    cluster.change(PROXY);
    assert.deepEqual(eventsOf(rounds(cluster, 3)), ["Normal ClientAddressesVisible"]);
  });

  // id: source-nat-3
  test("clears after a scale-down only when the Service is Local", () => {
    const cluster = settled({ replicas: 2 });
    cluster.change({ replicas: 1 });
    cluster.step();
    assert.equal(said(cluster), EXPOSED);
    cluster.settle();
    assert.equal(cluster.all("Service")[0]?.spec.externalTrafficPolicy, "Local");
    assert.equal(said(cluster), VISIBLE);
  });
});
