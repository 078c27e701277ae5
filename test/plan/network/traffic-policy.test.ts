import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildDesired, BUILDERS } from "../../../src/plan/desired/desired.ts";
import { decide } from "../../../src/plan/decide.ts";
import type { PodTemplate } from "../../../src/plan/model/objects.ts";
import { NODES, serverOf, userOf, Cluster, type SpecPatch } from "../../support/plan/cluster.ts";

const RESTRICTED: SpecPatch = {
  networkPolicy: { mode: "Managed", allowedClients: ["192.0.2.0/24"], metricsFrom: [] },
};

const SPREAD = ["Cluster", ["192.0.2.0/24"], 1 + NODES.length];
const TOGETHER = ["Local", undefined, 1];

/** The policy, and what depends on which addresses clients seem to have. */
function seen(world: Cluster): unknown[] {
  const [service] = world.all("Service");
  const [policy] = world.all("NetworkPolicy");
  return [
    service?.spec.externalTrafficPolicy,
    service?.spec.loadBalancerSourceRanges,
    policy?.spec.ingress[0]?.from?.length,
  ];
}

function settled(spec: SpecPatch): Cluster {
  const world = new Cluster(serverOf({ ...RESTRICTED, ...spec }));
  world.settle();
  return world;
}

/** A few rounds in which pods start and none that drains ends. */
function drainFor(world: Cluster, rounds: number): void {
  for (let round = 0; round < rounds; round += 1) {
    world.step();
    world.control();
    world.makeReady();
  }
}

describe("a traffic policy that the spec leaves open", () => {
  it("stays Cluster until one pod is left, as those that drain get passive connections by any node", () => {
    const world = settled({ replicas: 2 });
    assert.deepEqual(seen(world), SPREAD);
    world.change({ replicas: 1 });
    drainFor(world, 5);
    assert.ok(world.all("Pod").length > 1);
    assert.deepEqual(seen(world), SPREAD);
    world.settle();
    assert.deepEqual(seen(world), TOGETHER);
  });

  it("does not say where pods go, so that none is replaced once more when it changes", () => {
    const world = settled({ replicas: 2 });
    world.change({ replicas: 1 });
    assert.deepEqual(decide(world.observe()).network.trafficPolicy, "Cluster");
    const draining = templates(world);
    world.settle();
    assert.deepEqual(templates(world), draining);
  });

  it("is Local throughout a rollout of one replica", () => {
    const world = settled({});
    world.change({ pod: { image: "engine:2" } });
    drainFor(world, 3);
    assert.equal(world.all("Pod").length, 2);
    assert.deepEqual(seen(world), TOGETHER);
  });

  it("is what the spec asks for as soon as it does", () => {
    const world = settled({ replicas: 2 });
    const service = { externalTrafficPolicy: "Local" } as const;
    world.change({ replicas: 1, exposure: { type: "LoadBalancer", controlPort: 21, service } });
    world.step();
    assert.deepEqual(seen(world), TOGETHER);
  });

  it("hides clients from users' lists for as long as it is Cluster", () => {
    const world = settled({ replicas: 2, users: [{ ...userOf("alice"), allowedClients: ["192.0.2.7/32"] }] });
    const said = (): unknown =>
      world.server.status?.conditions?.find(({ type }) => type === "UsersReady")?.reason;
    world.change({ replicas: 1 });
    drainFor(world, 5);
    assert.equal(said(), "ClientAddressesHidden");
    world.settle();
    assert.equal(said(), "PasswordsRead");
  });
});

function templates(world: Cluster): PodTemplate[] {
  const { statefulSets } = buildDesired(decide(world.observe()), BUILDERS);
  return [...statefulSets.values()].map(({ spec }) => spec.template);
}
