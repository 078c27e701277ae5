/** Tests messages about pods that are not created, do not start or do not terminate. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
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

/** Returns the RFC 3339 time at the given number of seconds after noon. */
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
  const cluster = new Cluster(serverOf(spec));
  cluster.settle();
  return cluster;
}

function podOf(cluster: Cluster, name: string): Pod {
  const pod = cluster.all("Pod").find(({ metadata }) => metadata.name === name);
  assert.ok(pod, name);
  return pod;
}

/** Starts the termination of the pod in slot a, which runs on node one, at noon. */
function ending(cluster: Cluster): void {
  const pod = podOf(cluster, "demo-a-0");
  pod.spec.nodeName = "one";
  pod.metadata.deletionTimestamp = NOON;
}

describe("a pod that cannot terminate", () => {
  const cases: [what: string, observed: Partial<Observed>, message: RegExp][] = [
    [
      "its node does not respond",
      { nodes: ONE_IS_SILENT },
      /Pod `demo-a-0` .* node `one` .*out-of-service.*--force/,
    ],
    ["its node was deleted", { nodes: [] }, /Pod `demo-a-0` .* node `one` .*--force/],
    [
      "its grace period is over and nodes are unknown",
      { nodes: undefined, now: afterNoon(61) },
      /Pod `demo-a-0` .* 2026-01-01T12:00:00Z.*kubectl describe pod demo-a-0/,
    ],
  ];
  for (const [what, observed, message] of cases) {
    test(`is named, and not reported as draining, when ${what}`, () => {
      const cluster = settled(ON_ONE_NODE);
      ending(cluster);
      const result = cluster.step({ now: NOON, ...observed });
      assert.equal(found(result, "Available").reason, "NoReplicaReady");
      assert.match(found(result, "Available").message, message);
      assert.match(found(result, "Progressing").message, message);
      assert.doesNotMatch(found(result, "Progressing").message, /is draining/);
      assert.deepEqual(warnings(result), ["NoReplicaReady"]);
    });
  }

  test("is reported as draining until its grace period is over, when the FtpServer is reconciled again", () => {
    const cluster = settled(ON_ONE_NODE);
    ending(cluster);
    const result = cluster.step({ nodes: undefined, now: afterNoon(-600) });
    assert.match(found(result, "Progressing").message, /Slot a is draining/);
    assert.doesNotMatch(found(result, "Available").message, /demo-a-0/);
    assert.equal(result.requeueAfterSeconds, 660);
  });

  test("is reported although every replica serves", () => {
    const cluster = settled();
    ending(cluster);
    cluster.step({ nodes: ONE_IS_SILENT });
    cluster.control();
    podOf(cluster, "demo-b-0").status = { conditions: [{ type: "Ready", status: "True" }] };
    const result = cluster.step({ nodes: ONE_IS_SILENT });
    assert.equal(found(result, "Ready").status, "True");
    assert.equal(found(result, "Progressing").status, "False");
    assert.equal(found(result, "Progressing").reason, "PodStuckTerminating");
    assert.match(found(result, "Progressing").message, /`demo-a-0` .* node `one` /);
    assert.deepEqual(warnings(result), ["PodStuckTerminating"]);
    assert.deepEqual(warnings(cluster.step({ nodes: ONE_IS_SILENT })), []);
  });
});

describe("a pod that does not start", () => {
  const creating = { name: "engine", state: { waiting: { reason: "ContainerCreating" } } };
  const statuses: [what: string, status: NonNullable<Pod["status"]>][] = [
    ["a volume cannot be mounted", { containerStatuses: [creating] }],
    ["its kubelet reports nothing", { conditions: [{ type: "PodScheduled", status: "True" }] }],
  ];
  for (const [what, status] of statuses) {
    test(`is named after a minute when ${what}`, () => {
      const cluster = settled();
      const pod = podOf(cluster, "demo-a-0");
      Object.assign(pod, { status });
      pod.metadata.creationTimestamp = NOON;
      const early = cluster.step({ now: afterNoon(20) });
      assert.doesNotMatch(found(early, "Available").message, /demo-a-0/);
      assert.equal(early.requeueAfterSeconds, 40);
      const late = cluster.step({ now: afterNoon(60) });
      assert.match(found(late, "Available").message, /`demo-a-0` .*describe pod demo-a-0/);
      assert.deepEqual(warnings(late), ["NoReplicaReady"]);
      assert.equal(late.requeueAfterSeconds, undefined);
    });
  }

  test("is not reported while its container runs", () => {
    const cluster = settled();
    const pod = podOf(cluster, "demo-a-0");
    pod.status = { containerStatuses: [{ name: "engine", state: {} }] };
    pod.metadata.creationTimestamp = NOON;
    assert.doesNotMatch(found(cluster.step({ now: afterNoon(600) }), "Available").message, /demo-a-0/);
  });

  test("is reported with its node when the node does not respond", () => {
    const cluster = settled();
    const pod = podOf(cluster, "demo-a-0");
    pod.spec.nodeName = "one";
    pod.status = { conditions: [{ type: "Ready", status: "False" }] };
    const result = cluster.step({ nodes: ONE_IS_SILENT });
    assert.match(found(result, "Available").message, /Pod `demo-a-0` .* node `one` /);
  });
});

describe("a StatefulSet without its pod", () => {
  /** Returns a cluster during a rollout in which a quota rejects the pod of the new StatefulSet. */
  function refusedPod(seen: { generation: number; observedGeneration: number; replicas: number }): Cluster {
    const cluster = settled();
    cluster.change({ pod: { image: "engine:2" } });
    cluster.step({ now: NOON });
    const set = cluster.all("StatefulSet").find(({ metadata }) => metadata.name === "demo-b");
    assert.ok(set);
    const { generation, ...status } = seen;
    set.metadata = { ...set.metadata, generation, creationTimestamp: NOON };
    set.status = status;
    return cluster;
  }

  test("is named after 30 seconds while the old pod serves", () => {
    const cluster = refusedPod({ generation: 1, observedGeneration: 1, replicas: 0 });
    const early = cluster.step({ now: afterNoon(10) });
    assert.doesNotMatch(found(early, "Progressing").message, /StatefulSet/);
    assert.equal(early.requeueAfterSeconds, 20);
    const late = cluster.step({ now: afterNoon(30) });
    assert.match(
      found(late, "Progressing").message,
      /StatefulSet `demo-b` .*quota.*`kubectl describe statefulset demo-b`/,
    );
    assert.equal(found(late, "Ready").status, "True");
    assert.deepEqual(warnings(late), ["RollingOut"]);
    assert.equal(late.requeueAfterSeconds, undefined);
    assert.deepEqual(warnings(cluster.step({ now: afterNoon(300) })), []);
  });

  test("is not reported before its controller has processed it, or while the controller counts a pod", () => {
    for (const seen of [
      { generation: 2, observedGeneration: 1, replicas: 0 },
      { generation: 1, observedGeneration: 1, replicas: 1 },
    ]) {
      const late = refusedPod(seen).step({ now: afterNoon(300) });
      assert.doesNotMatch(found(late, "Progressing").message, /StatefulSet/);
    }
  });

  test("is reported 30 seconds after its pod was deleted, even when it is old", () => {
    const cluster = settled();
    const [set] = cluster.all("StatefulSet");
    assert.ok(set);
    set.metadata = { ...set.metadata, generation: 1, creationTimestamp: afterNoon(-3600) };
    set.status = { observedGeneration: 1, replicas: 0 };
    cluster.objects.delete("Pod/demo-a-0");
    const early = cluster.step({ now: NOON });
    assert.doesNotMatch(found(early, "Available").message, /StatefulSet/);
    assert.equal(early.requeueAfterSeconds, 30);
    assert.match(found(cluster.step({ now: afterNoon(30) }), "Available").message, /StatefulSet `demo-a` /);
  });
});
