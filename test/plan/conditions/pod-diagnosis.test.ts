/** What conditions say about pods that do not come, do not start and do not end. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Condition } from "../../../src/api/kubernetes.ts";
import type { Observed } from "../../../src/plan/model/observed.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import type { Pod } from "../../../src/plan/model/objects.ts";
import { NODES, serverOf, Cluster, type SpecPatch } from "../../support/plan/cluster.ts";

const ON_ONE_NODE: SpecPatch = {
  rollout: { type: "Recreate", handOverSeconds: 10, drainPeriodSeconds: 600 },
};
const ONE_IS_SILENT = NODES.map((node) => ({ ...node, ready: node.name !== "one" }));
const NOON = "2026-01-01T12:00:00Z";

/** RFC 3339, so many seconds after noon. */
function afterNoon(seconds: number): string {
  return new Date(Date.parse(NOON) + seconds * 1000).toISOString();
}

function found({ status }: Plan, type: string): Condition {
  const condition = status.conditions?.find((one) => one.type === type);
  assert.ok(condition, type);
  return condition;
}

function warnings({ events }: Plan): string[] {
  return events.filter(({ type }) => type === "Warning").map(({ reason }) => reason);
}

function settled(spec: SpecPatch = {}): Cluster {
  const world = new Cluster(serverOf(spec));
  world.settle();
  return world;
}

function podOf(world: Cluster, name: string): Pod {
  const pod = world.all("Pod").find(({ metadata }) => metadata.name === name);
  assert.ok(pod, name);
  return pod;
}

/** The pod of slot a, on node one, shall end at noon. */
function ending(world: Cluster): void {
  const pod = podOf(world, "demo-a-0");
  pod.spec.nodeName = "one";
  pod.metadata.deletionTimestamp = NOON;
}

describe("a pod that can not end", () => {
  const cases: [what: string, observed: Partial<Observed>, message: RegExp][] = [
    ["its node is silent", { nodes: ONE_IS_SILENT }, /Pod demo-a-0 .* node one .*out-of-service.*--force/],
    ["its node is gone", { nodes: [] }, /Pod demo-a-0 .* node one .*--force/],
    [
      "its time is over, where nodes can not be seen",
      { nodes: undefined, now: afterNoon(61) },
      /Pod demo-a-0 .* 2026-01-01T12:00:00Z.*kubectl describe pod demo-a-0/,
    ],
  ];
  for (const [what, observed, message] of cases) {
    it(`is named, and waits for no session: ${what}`, () => {
      const world = settled(ON_ONE_NODE);
      ending(world);
      const result = world.step({ now: NOON, ...observed });
      assert.equal(found(result, "Available").reason, "NoReplicaReady");
      assert.match(found(result, "Available").message, message);
      assert.match(found(result, "Progressing").message, message);
      assert.doesNotMatch(found(result, "Progressing").message, /is draining/);
      assert.deepEqual(warnings(result), ["NoReplicaReady"]);
    });
  }

  it("drains until then, and is looked at again when its time is over", () => {
    const world = settled(ON_ONE_NODE);
    ending(world);
    const result = world.step({ nodes: undefined, now: afterNoon(-600) });
    assert.match(found(result, "Progressing").message, /Slot a is draining/);
    assert.doesNotMatch(found(result, "Available").message, /demo-a-0/);
    assert.equal(result.requeueAfterSeconds, 660);
  });

  it("is told of although every replica serves, as the next rollout will miss its slot", () => {
    const world = settled();
    ending(world);
    world.step({ nodes: ONE_IS_SILENT });
    world.control();
    podOf(world, "demo-b-0").status = { conditions: [{ type: "Ready", status: "True" }] };
    const result = world.step({ nodes: ONE_IS_SILENT });
    assert.equal(found(result, "Ready").status, "True");
    assert.equal(found(result, "Progressing").status, "False");
    assert.equal(found(result, "Progressing").reason, "PodStuckTerminating");
    assert.match(found(result, "Progressing").message, /demo-a-0 .* node one /);
    assert.deepEqual(warnings(result), ["PodStuckTerminating"]);
    assert.deepEqual(warnings(world.step({ nodes: ONE_IS_SILENT })), []);
  });
});

describe("a pod that does not start", () => {
  const creating = { name: "engine", state: { waiting: { reason: "ContainerCreating" } } };
  const statuses: [what: string, status: NonNullable<Pod["status"]>][] = [
    ["a volume can not be mounted", { containerStatuses: [creating] }],
    ["its kubelet says nothing", { conditions: [{ type: "PodScheduled", status: "True" }] }],
  ];
  for (const [what, status] of statuses) {
    it(`is named after a minute: ${what}`, () => {
      const world = settled();
      const pod = podOf(world, "demo-a-0");
      Object.assign(pod, { status });
      pod.metadata.creationTimestamp = NOON;
      const early = world.step({ now: afterNoon(20) });
      assert.doesNotMatch(found(early, "Available").message, /demo-a-0/);
      assert.equal(early.requeueAfterSeconds, 40);
      const late = world.step({ now: afterNoon(60) });
      assert.match(found(late, "Available").message, /demo-a-0 .*describe pod demo-a-0/);
      assert.deepEqual(warnings(late), ["NoReplicaReady"]);
      assert.equal(late.requeueAfterSeconds, undefined);
    });
  }

  it("is no news while it runs and gets ready", () => {
    const world = settled();
    const pod = podOf(world, "demo-a-0");
    pod.status = { containerStatuses: [{ name: "engine", state: {} }] };
    pod.metadata.creationTimestamp = NOON;
    assert.doesNotMatch(found(world.step({ now: afterNoon(600) }), "Available").message, /demo-a-0/);
  });

  it("is known to stand on a node that is silent", () => {
    const world = settled();
    const pod = podOf(world, "demo-a-0");
    pod.spec.nodeName = "one";
    pod.status = { conditions: [{ type: "Ready", status: "False" }] };
    const result = world.step({ nodes: ONE_IS_SILENT });
    assert.match(found(result, "Available").message, /Pod demo-a-0 .* node one /);
  });
});

describe("a StatefulSet that makes no pod", () => {
  /** A rollout whose new StatefulSet is as its controller leaves it when a quota refuses the pod. */
  function refusedPod(seen: { generation: number; observedGeneration: number; replicas: number }): Cluster {
    const world = settled();
    world.change({ pod: { image: "engine:2" } });
    world.step({ now: NOON });
    const set = world.all("StatefulSet").find(({ metadata }) => metadata.name === "demo-b");
    assert.ok(set);
    const { generation, ...status } = seen;
    set.metadata = { ...set.metadata, generation, creationTimestamp: NOON };
    set.status = status;
    return world;
  }

  it("is named after half a minute, while the old pod serves", () => {
    const world = refusedPod({ generation: 1, observedGeneration: 1, replicas: 0 });
    const early = world.step({ now: afterNoon(10) });
    assert.doesNotMatch(found(early, "Progressing").message, /StatefulSet/);
    assert.equal(early.requeueAfterSeconds, 20);
    const late = world.step({ now: afterNoon(30) });
    assert.match(
      found(late, "Progressing").message,
      /StatefulSet demo-b .*quota.*`kubectl describe statefulset demo-b`/,
    );
    assert.equal(found(late, "Ready").status, "True");
    assert.deepEqual(warnings(late), ["RollingOut"]);
    assert.equal(late.requeueAfterSeconds, undefined);
    assert.deepEqual(warnings(world.step({ now: afterNoon(300) })), []);
  });

  it("is not blamed before its controller has seen it, or while it counts a pod", () => {
    for (const seen of [
      { generation: 2, observedGeneration: 1, replicas: 0 },
      { generation: 1, observedGeneration: 1, replicas: 1 },
    ]) {
      const late = refusedPod(seen).step({ now: afterNoon(300) });
      assert.doesNotMatch(found(late, "Progressing").message, /StatefulSet/);
    }
  });

  it("is given half a minute also when it is old and its pod has gone just now", () => {
    const world = settled();
    const [set] = world.all("StatefulSet");
    assert.ok(set);
    set.metadata = { ...set.metadata, generation: 1, creationTimestamp: afterNoon(-3600) };
    set.status = { observedGeneration: 1, replicas: 0 };
    world.objects.delete("Pod/demo-a-0");
    const early = world.step({ now: NOON });
    assert.doesNotMatch(found(early, "Available").message, /StatefulSet/);
    assert.equal(early.requeueAfterSeconds, 30);
    assert.match(found(world.step({ now: afterNoon(30) }), "Available").message, /StatefulSet demo-a /);
  });
});
