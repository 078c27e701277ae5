import assert from "node:assert/strict";
import { describe, it } from "node:test";
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

function said(world: Cluster): string {
  const { status, reason } = conditionOf(world);
  return `${status} ${reason}`;
}

function settled(...specs: Spec[]): Cluster {
  const world = new Cluster(serverOf(Object.assign({}, ...specs)));
  world.settle();
  return world;
}

/** The events of a few rounds that are about data connections. */
function eventsOf(plans: readonly Plan[]): string[] {
  return plans
    .flatMap(({ events }) => events)
    .filter(({ reason }) => [EXPOSED, VISIBLE, ENCRYPTED].some((text) => text.endsWith(` ${reason}`)))
    .map(({ type, reason }) => `${type} ${reason}`);
}

const rounds = (world: Cluster, count: number): Plan[] => Array.from({ length: count }, () => world.step());

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
    it(`is ${expected} with plain FTP, ${what}`, () => assert.equal(said(settled(spec)), expected));

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
    it(`is ${expected} behind node ports with tls ${JSON.stringify(patch)}`, () => {
      assert.equal(said(settled(NODE_PORT, tls(patch))), expected);
      assert.equal(said(settled(tls(patch))), VISIBLE);
    });

  it("is False when the operator cannot list nodes, because they replace addresses in any case", () => {
    const world = new Cluster(serverOf({ replicas: 2 }));
    world.step({ nodes: undefined });
    assert.equal(said(world), EXPOSED);
    world.step({ nodes: NODES });
    assert.equal(said(world), EXPOSED);
  });

  // id: source-nat
  it("leaves the server Ready and names the alternatives", () => {
    const balanced = settled({ replicas: 2 });
    assert.equal(kstatus(balanced.server), "Current");
    const advice = /externalTrafficPolicy: Local.*spec\.proxyProtocol.*spec\.tls\.dataProtection: Required/;
    assert.match(conditionOf(balanced).message, advice);
    const onNodes = conditionOf(settled(NODE_PORT)).message;
    assert.match(onNodes, /another `spec\.exposure\.type`.*spec\.proxyProtocol.*spec\.tls\.dataProtection/);
    assert.doesNotMatch(onNodes, /externalTrafficPolicy/);
  });

  // id: source-nat-2
  it("has one warning event per transition and one when it clears", () => {
    const world = new Cluster(serverOf({ replicas: 2 }));
    assert.deepEqual(eventsOf(rounds(world, 3)), ["Warning PlainDataBehindSourceNAT"]);
    world.change(tls({ mode: "Required" }));
    assert.deepEqual(eventsOf(rounds(world, 3)), ["Normal DataConnectionsEncrypted"]);
    world.change(tls({ mode: "Required", dataProtection: "Optional" }));
    assert.deepEqual(eventsOf(rounds(world, 3)), ["Warning PlainDataBehindSourceNAT"]);
    world.change(PROXY);
    assert.deepEqual(eventsOf(rounds(world, 3)), ["Normal ClientAddressesVisible"]);
  });

  // id: source-nat-3
  it("clears after a scale-down only when the Service is Local", () => {
    const world = settled({ replicas: 2 });
    world.change({ replicas: 1 });
    world.step();
    assert.equal(said(world), EXPOSED);
    world.settle();
    assert.equal(world.all("Service")[0]?.spec.externalTrafficPolicy, "Local");
    assert.equal(said(world), VISIBLE);
  });
});
