import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { passivePortsPublished } from "../../../src/plan/conditions/passive-ports-published.ts";
import { buildDesired, BUILDERS } from "../../../src/plan/desired/desired.ts";
import { decide } from "../../../src/plan/decide.ts";
import type { PodTemplate } from "../../../src/plan/model/objects.ts";
import { NODES, serverOf, userOf, Cluster, type SpecPatch } from "../../support/plan/cluster.ts";

const RESTRICTED: SpecPatch = {
  networkPolicy: { mode: "Managed", allowedClients: ["192.0.2.0/24"], metricsFrom: [] },
};

const SPREAD = ["Cluster", ["192.0.2.0/24"], 1 + NODES.length];
const TOGETHER = ["Local", undefined, 1];

/** Returns the traffic policy, and the fields whose values require that pods see client addresses. */
function seen(cluster: Cluster): unknown[] {
  const [service] = cluster.all("Service");
  const [policy] = cluster.all("NetworkPolicy");
  return [
    service?.spec.externalTrafficPolicy,
    service?.spec.loadBalancerSourceRanges,
    policy?.spec.ingress[0]?.from?.length,
  ];
}

function settled(spec: SpecPatch): Cluster {
  const cluster = new Cluster(serverOf({ ...RESTRICTED, ...spec }));
  cluster.settle();
  return cluster;
}

/** Plans several times while pods start and draining pods do not terminate. */
function drainFor(cluster: Cluster, rounds: number): void {
  for (let round = 0; round < rounds; round += 1) {
    cluster.step();
    cluster.control();
    cluster.makeReady();
  }
}

describe("the traffic policy Auto", () => {
  test("stays Cluster until one pod is left, because draining pods receive passive connections through any node", () => {
    const cluster = settled({ replicas: 2 });
    assert.deepEqual(seen(cluster), SPREAD);
    cluster.change({ replicas: 1 });
    drainFor(cluster, 5);
    assert.ok(cluster.all("Pod").length > 1);
    assert.deepEqual(seen(cluster), SPREAD);
    cluster.settle();
    assert.deepEqual(seen(cluster), TOGETHER);
  });

  test("does not affect the pod template, so no pod is replaced when it changes", () => {
    const cluster = settled({ replicas: 2 });
    cluster.change({ replicas: 1 });
    assert.deepEqual(decide(cluster.observe()).network.trafficPolicy, "Cluster");
    const draining = templates(cluster);
    cluster.settle();
    assert.deepEqual(templates(cluster), draining);
  });

  test("is Local throughout a rollout of one replica", () => {
    const cluster = settled({});
    cluster.change({ pod: { image: "engine:2" } });
    drainFor(cluster, 3);
    assert.equal(cluster.all("Pod").length, 2);
    assert.deepEqual(seen(cluster), TOGETHER);
  });

  test("is replaced immediately by an explicit policy", () => {
    const cluster = settled({ replicas: 2 });
    const service = { externalTrafficPolicy: "Local" } as const;
    cluster.change({ replicas: 1, exposure: { type: "LoadBalancer", controlPort: 21, service } });
    cluster.step();
    assert.deepEqual(seen(cluster), TOGETHER);
  });

  test("makes allowedClients of users unusable while it is Cluster", () => {
    const cluster = settled({
      replicas: 2,
      users: [{ ...userOf("alice"), allowedClients: ["192.0.2.7/32"] }],
    });
    const said = (): unknown =>
      cluster.server.status?.conditions?.find(({ type }) => type === "UsersReady")?.reason;
    cluster.change({ replicas: 1 });
    drainFor(cluster, 5);
    assert.equal(said(), "ClientAddressesHidden");
    cluster.settle();
    assert.equal(said(), "PasswordsRead");
  });
});

test("PassivePortsPublished reports no unenforced allowed clients when a proxy sends the client addresses", () => {
  const cluster = new Cluster(
    serverOf({ replicas: 2, proxyProtocol: { mode: "Enabled", trustedSources: ["192.0.2.1/32"] } }),
  );
  cluster.settle();
  const observed = cluster.observe({ nodes: undefined });
  // The validation rule allowed-clients-behind-proxy rejects this spec, so the test calls the condition directly.
  observed.server.spec.networkPolicy.allowedClients = ["192.0.2.0/24"];
  const decision = decide(observed);
  assert.equal(decision.network.trafficPolicy, "Cluster");
  const { status, reason } = passivePortsPublished({
    ...decision,
    desired: buildDesired(decision, BUILDERS),
    slots: [],
  });
  assert.equal(`${status} ${reason}`, "True Published");
});

function templates(cluster: Cluster): PodTemplate[] {
  const { statefulSets } = buildDesired(decide(cluster.observe()), BUILDERS);
  return [...statefulSets.values()].map(({ spec }) => spec.template);
}
