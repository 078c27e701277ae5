import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CONDITION_TYPES } from "../../../src/plan/conditions/condition.ts";
import { SERVER_REASONS } from "../../../src/plan/conditions/reasons.ts";
import type { PersistentVolumeClaim, Pod } from "../../../src/plan/model/objects.ts";
import { plan } from "../../../src/plan/plan.ts";
import { conditionOf, statusAndReason } from "../../support/plan/conditions.ts";
import { kstatus } from "../../support/plan/kstatus.ts";
import {
  observedOf,
  serverOf,
  specOf,
  Cluster,
  type SpecPatch,
  type StoragePatch,
} from "../../support/plan/cluster.ts";

function settled(spec: SpecPatch = {}): Cluster {
  const cluster = new Cluster(serverOf(spec));
  cluster.settle();
  return cluster;
}

describe("conditions", () => {
  test("exist from the first plan, and are Unknown without information", () => {
    const { status } = plan(observedOf(serverOf()));
    assert.deepEqual(
      status.conditions?.map(({ type }) => type),
      [...CONDITION_TYPES],
    );
    assert.deepEqual([...CONDITION_TYPES].toSorted(), Object.keys(SERVER_REASONS).toSorted());
    const unknown = status.conditions?.filter((one) => one.status === "Unknown").map(({ type }) => type);
    assert.deepEqual(unknown, [
      "Ready",
      "Available",
      "PassivePortsPublished",
      "AddressAssigned",
      "PassiveReachable",
    ]);
    for (const { observedGeneration, message } of status.conditions ?? []) {
      assert.equal(observedGeneration, 1);
      assert.notEqual(message, "");
    }
  });

  test("have the reason SomeReplicasReady while replicas are missing", () => {
    const cluster = settled({ replicas: 2 });
    assert.equal(statusAndReason(cluster.server, "Ready"), "True Ready");
    const observed = cluster.observe();
    const [pod] = observed.children.pods;
    assert.ok(pod);
    pod.status = { phase: "Running", conditions: [{ type: "Ready", status: "False" }] };
    const { status } = plan(observed);
    const ready = status.conditions?.find(({ type }) => type === "Ready");
    assert.equal(`${ready?.status} ${ready?.reason}`, "True SomeReplicasReady");
    assert.match(ready?.message ?? "", /1 of 2 replicas/);
  });

  test("make kstatus InProgress during creation and rollouts, and Current afterwards", () => {
    const cluster = new Cluster(serverOf());
    assert.equal(kstatus(cluster.server), "InProgress");
    cluster.step();
    assert.equal(kstatus(cluster.server), "InProgress");
    cluster.settle();
    assert.equal(kstatus(cluster.server), "Current");
    cluster.change({ pod: { image: "engine:2" } });
    assert.equal(kstatus(cluster.server), "InProgress");
    cluster.step();
    assert.equal(kstatus(cluster.server), "InProgress");
    assert.equal(statusAndReason(cluster.server, "Ready"), "True Ready");
    assert.equal(statusAndReason(cluster.server, "Progressing"), "True RollingOut");
    cluster.settle();
    assert.equal(kstatus(cluster.server), "Current");
  });

  test("name the pod that blocks a rollout while the old pod serves", () => {
    const cluster = settled();
    cluster.change({ pod: { image: "engine:2" } });
    cluster.step();
    cluster.control();
    const pod = cluster.all("Pod").find(({ metadata }) => metadata.name === "demo-b-0");
    assert.ok(pod);
    pod.status = { containerStatuses: [{ name: "engine", state: { waiting: { reason: "ErrImagePull" } } }] };
    const { events } = cluster.step();
    assert.equal(statusAndReason(cluster.server, "Ready"), "True Ready");
    assert.match(
      conditionOf(cluster.server, "Progressing").message,
      /Slot b .* Slot a .* Pod `demo-b-0` .*ErrImagePull/,
    );
    assert.deepEqual(
      events.map(({ type, reason }) => `${type} ${reason}`),
      ["Warning RollingOut"],
    );
  });

  test("have the reason Stopped with 0 replicas", () => {
    const cluster = settled();
    cluster.change({ replicas: 0 });
    cluster.settle();
    assert.equal(statusAndReason(cluster.server, "Available"), "True Stopped");
    assert.equal(kstatus(cluster.server), "Current");
    assert.deepEqual(cluster.all("StatefulSet"), []);
    assert.equal(cluster.server.status?.addresses?.[0]?.value, "192.0.2.10");
  });

  test("explain that the old pod stops first when only one node can mount the volume", () => {
    const persistentVolumeClaim = { create: { size: "1Gi" } };
    const cluster = settled({ storage: { type: "PersistentVolumeClaim", persistentVolumeClaim } });
    cluster.change({ pod: { image: "engine:2" } });
    cluster.step();
    assert.equal(statusAndReason(cluster.server, "Progressing"), "True RollingOut");
    assert.match(conditionOf(cluster.server, "Progressing").message, /one node can mount the volume/);
    cluster.settle();
    assert.equal(kstatus(cluster.server), "Current");
  });

  test("are final while sessions drain", () => {
    const cluster = settled({ replicas: 2 });
    cluster.deletePod("demo-b-0");
    cluster.step();
    cluster.control();
    cluster.makeReady();
    cluster.step();
    assert.equal(kstatus(cluster.server), "Current");
    assert.match(conditionOf(cluster.server, "Progressing").message, /Slot b is draining/);
  });

  test("change lastTransitionTime only with the status", () => {
    const cluster = settled();
    const before = conditionOf(cluster.server, "AddressAssigned").lastTransitionTime;
    cluster.loadBalancerAddress = "192.0.2.99";
    cluster.settle();
    assert.match(conditionOf(cluster.server, "AddressAssigned").message, /192\.0\.2\.99/);
    assert.equal(conditionOf(cluster.server, "AddressAssigned").lastTransitionTime, before);
  });

  test("are Stalled for an invalid object, whose children and other conditions are unchanged", () => {
    const cluster = settled();
    cluster.change({ passive: { ...specOf().passive, portRange: { first: 50009, last: 50000 } } });
    const result = cluster.step();
    assert.deepEqual([result.apply, result.delete, result.patchPods], [[], [], []]);
    assert.equal(kstatus(cluster.server), "Failed");
    assert.equal(statusAndReason(cluster.server, "Ready"), "False InvalidSpec");
    assert.match(
      conditionOf(cluster.server, "Stalled").message,
      /spec\.passive\.portRange: the passive port range is empty/,
    );
    assert.equal(statusAndReason(cluster.server, "AddressAssigned"), "True LoadBalancerAddress");
    assert.equal(cluster.server.status?.addresses?.[0]?.value, "192.0.2.10");
    assert.deepEqual(
      result.events.map(({ type, reason }) => `${type} ${reason}`),
      ["Warning InvalidSpec"],
    );
    assert.deepEqual(cluster.step().events, []);
    cluster.change({ passive: specOf().passive });
    cluster.settle();
    assert.equal(kstatus(cluster.server), "Current");
  });

  test("warn about a missing load balancer address only when there was one before", () => {
    const cluster = new Cluster(serverOf());
    cluster.loadBalancerAddress = undefined;
    const warnings = (): number =>
      [cluster.step(), cluster.step(), cluster.step()]
        .flatMap(({ events }) => events)
        .filter(({ type, reason }) => type === "Warning" && reason === "LoadBalancerPending").length;
    assert.equal(warnings(), 0);
    cluster.loadBalancerAddress = "192.0.2.10";
    cluster.settle();
    assert.equal(statusAndReason(cluster.server, "AddressAssigned"), "True LoadBalancerAddress");
    cluster.loadBalancerAddress = undefined;
    const [service] = cluster.all("Service");
    assert.ok(service);
    service.status = {};
    assert.equal(warnings(), 1);
    cluster.settle();
    assert.equal(statusAndReason(cluster.server, "AddressAssigned"), "False LoadBalancerPending");
    assert.equal(statusAndReason(cluster.server, "Ready"), "False LoadBalancerPending");
    assert.equal(kstatus(cluster.server), "InProgress");
  });

  test("name the cause when no pod is ready", () => {
    const cluster = settled();
    const pod = cluster.all("Pod")[0];
    assert.ok(pod);
    const cases: [status: Pod["status"], message: RegExp][] = [
      [
        { conditions: [{ type: "PodScheduled", status: "False", message: "0/2 nodes are available." }] },
        /`demo-a-0` .*0\/2 nodes are available\.$/,
      ],
      [
        { containerStatuses: [{ name: "engine", state: { waiting: { reason: "ImagePullBackOff" } } }] },
        /`demo-a-0` .*ImagePullBackOff.*`kubectl describe pod demo-a-0`/,
      ],
      [
        {
          containerStatuses: [
            {
              name: "engine",
              state: { waiting: { reason: "CrashLoopBackOff" } },
              lastState: { terminated: { exitCode: 2 } },
            },
          ],
        },
        /CrashLoopBackOff \(exit code 2\)/,
      ],
      [
        { containerStatuses: [{ name: "engine", state: { waiting: { reason: "ContainerCreating" } } }] },
        /^0 of 1 replica is ready\.$/,
      ],
    ];
    for (const [status, message] of cases) {
      pod.status = status ?? {};
      cluster.step();
      assert.equal(statusAndReason(cluster.server, "Available"), "False NoReplicaReady");
      assert.match(conditionOf(cluster.server, "Available").message, message);
    }
  });

  test("warn once about ephemeral files", () => {
    const cluster = new Cluster(serverOf({ replicas: 2 }));
    const { events } = cluster.step();
    assert.deepEqual(
      events.map(({ type, reason }) => `${type} ${reason}`),
      ["Warning EphemeralStorage", "Warning PlainDataBehindSourceNAT"],
    );
    const { message } = conditionOf(cluster.server, "StorageReady");
    assert.match(message, /Each replica has separate files/);
    assert.match(message, /`spec\.storage\.type` to `PersistentVolumeClaim` or `ObjectStorage`\.$/);
    assert.deepEqual(
      cluster.step().events.filter(({ reason }) => reason === "EphemeralStorage"),
      [],
    );
  });

  test("name a missing claim, without which no pod starts", () => {
    const storage: StoragePatch = {
      type: "PersistentVolumeClaim",
      persistentVolumeClaim: { claimName: "files", whenDeleted: "Retain" },
    };
    const cluster = new Cluster(serverOf({ storage }));
    cluster.settle();
    assert.equal(statusAndReason(cluster.server, "StorageReady"), "False ClaimNotFound");
    assert.match(conditionOf(cluster.server, "StorageReady").message, /PersistentVolumeClaim `files` /);
    assert.deepEqual(cluster.all("StatefulSet"), []);
    const claim: PersistentVolumeClaim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "files" },
      spec: { accessModes: ["ReadWriteOnce"] },
    };
    cluster.apply(claim);
    cluster.settle();
    assert.equal(statusAndReason(cluster.server, "StorageReady"), "True ClaimBoundToOneNode");
    assert.equal(kstatus(cluster.server), "Current");
    assert.equal(cluster.server.status?.slots?.length, 1);
    cluster.change({ replicas: 2 });
    const { events } = cluster.step();
    assert.match(conditionOf(cluster.server, "StorageReady").message, /`spec\.replicas` to 1/);
    assert.ok(events.some(({ type, reason }) => type === "Warning" && reason === "ClaimBoundToOneNode"));
  });
});
