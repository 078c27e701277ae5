import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Condition } from "../../src/api/kubernetes.ts";
import type { ChildObject } from "../../src/plan/model/objects.ts";
import { plan } from "../../src/plan/plan.ts";
import { serverOf, Cluster, type SpecPatch } from "../support/plan/cluster.ts";

/** Servers whose old pod has to end before its successor starts. */
const IN_PLACE: readonly SpecPatch[] = [
  { rollout: { type: "Recreate", handOverSeconds: 10, drainPeriodSeconds: 600 } },
  { exposure: { type: "HostPort", controlPort: 21 } },
  {
    storage: {
      type: "PersistentVolumeClaim",
      persistentVolumeClaim: {
        whenDeleted: "Retain",
        create: { accessModes: ["ReadWriteOnce"], size: "1Gi" },
      },
    },
  },
];

function settled(spec: SpecPatch = {}): Cluster {
  const world = new Cluster(serverOf(spec));
  world.settle();
  return world;
}

/** Marks an object as one that waits for its finalizers. */
function end(object: ChildObject | undefined): void {
  assert.ok(object);
  object.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
}

function conditionOf(world: Cluster): Condition {
  const condition = world.server.status?.conditions?.find(({ type }) => type === "Progressing");
  assert.ok(condition);
  return condition;
}

function progressing(world: Cluster): string {
  const { status, reason } = conditionOf(world);
  return `${status} ${reason}`;
}

describe("children", () => {
  it("are not deleted again while they end", () => {
    const world = settled();
    world.change({ networkPolicy: { mode: "Disabled", allowedClients: [], metricsFrom: [] } });
    end(world.all("NetworkPolicy")[0]);
    assert.deepEqual(world.step().delete, []);
  });

  it("are replaced in another slot while a StatefulSet ends", () => {
    const world = settled();
    end(world.all("StatefulSet")[0]);
    const { status } = world.step();
    assert.deepEqual(
      status.slots?.map(({ name, state }) => `${name} ${state}`),
      ["a Draining", "b Starting"],
    );
  });

  it("are scaled to nothing before they are deleted, and counted while they start", () => {
    const world = settled();
    world.change({ pod: { image: "engine:2" } });
    assert.deepEqual([world.step().status.replicas, world.server.status?.readyReplicas], [2, 1]);
    world.control();
    world.makeReady();
    const [scaled] = world.step().apply;
    assert.ok(scaled?.kind === "StatefulSet");
    assert.deepEqual([scaled.metadata.name, scaled.spec.replicas], ["demo-a", 0]);
    assert.equal(scaled.spec.template.spec.containers[0]?.["image"], "engine:1");
    world.control();
    assert.deepEqual(world.step().delete, []);
    world.endDrains();
    assert.deepEqual(
      world.step().delete.map(({ ref }) => `${ref.kind} ${ref.name}`),
      ["StatefulSet demo-a"],
    );
  });

  it("start where the widened range is clear of the old pod, whichever slot that pod is in", () => {
    const world = settled();
    world.change({ pod: { image: "engine:2" } });
    world.settle();
    const { passive } = world.server.spec;
    world.change({ passive: { ...passive, portRange: { first: 50000, last: 50049 } } });
    world.step();
    const slots = (): string[] =>
      (world.server.status?.slots ?? []).map(
        ({ name, passivePorts, state }) => `${name} ${passivePorts?.first}-${passivePorts?.last} ${state}`,
      );
    assert.deepEqual(slots(), ["a 50025-50049 Starting", "b 50005-50009 Serving"]);
    world.settle();
    assert.deepEqual(slots(), ["a 50025-50049 Serving", "b 50000-50024 Free"]);
    const [set] = world.all("StatefulSet");
    const container = set?.spec.template.spec.containers[0];
    assert.ok(JSON.stringify(container?.["args"]).includes("50025-50049"));
    assert.equal(container?.ports?.length, 27);
  });

  it("make way for a mended template while an older pod ends, if nobody can be logged in to them", () => {
    const world = settled();
    world.change({ pod: { image: "engine:2" } });
    for (let round = 0; round < 2; round += 1) {
      world.step();
      world.control();
      world.makeReady();
    }
    const pod = world.all("Pod").find(({ metadata }) => metadata.name === "demo-b-0");
    assert.ok(pod);
    world.change({ pod: { image: "engine:3" } });
    const written = (started: boolean): string[] => {
      pod.status = { containerStatuses: [{ name: "engine", started }] };
      return world.step().apply.map(({ metadata }) => metadata.name);
    };
    assert.deepEqual(written(true), []);
    assert.deepEqual(written(false), ["demo-b"]);
  });

  it("stay as they are, pods and Service, when the number of replicas changes below maxReplicas", () => {
    const world = settled({ maxReplicas: 3 });
    const firstPods = world.all("Pod");
    const service = world.all("Service")[0]?.spec;
    for (const replicas of [3, 2, 1]) {
      world.change({ replicas });
      world.settle();
      const pods = world.all("Pod");
      assert.equal(pods.length, replicas);
      assert.deepEqual(pods.slice(0, 1), firstPods);
      assert.deepEqual(world.all("Service")[0]?.spec, service);
    }
  });

  it("are left to whoever works on them in maintenance, but for the config", () => {
    const world = settled();
    world.change({
      maintenance: { mode: "Enabled" },
      replicas: 2,
      banner: "Hello",
      networkPolicy: { mode: "Disabled", allowedClients: [], metricsFrom: [] },
      pod: { image: "engine:2" },
    });
    const { apply, delete: deletions, patchPods } = world.step();
    assert.deepEqual(
      apply.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ["Secret demo-config"],
    );
    assert.deepEqual(deletions, []);
    assert.equal(patchPods.length, 1);
    assert.equal(progressing(world), "True Maintenance");
    world.change({ maintenance: { mode: "Disabled" } });
    world.settle();
    assert.equal(world.all("StatefulSet").length, 2);
    assert.deepEqual(world.all("NetworkPolicy"), []);
  });

  it("go on serving where the API server refuses the template that would replace them", () => {
    for (const spec of IN_PLACE) {
      const world = settled(spec);
      world.change({ pod: { resources: { requests: { "hugepages-2Mi": "2Mi" } } } });
      const [refused, ...others] = plan(world.observe()).apply;
      assert.ok(refused?.kind === "StatefulSet");
      assert.deepEqual([others, refused.spec.replicas], [[], 0]);
      assert.match(JSON.stringify(refused.spec.template), /"hugepages-2Mi":"2Mi"/u);
      const ref = { apiVersion: "apps/v1", kind: "StatefulSet", name: refused.metadata.name };
      const { status, apply } = plan(
        world.observe({ rejections: [{ ref, message: "hugepages without a limit" }] }),
      );
      assert.deepEqual(apply, [refused], "tried again");
      assert.deepEqual([status.readyReplicas, status.slots?.[0]?.state], [1, "Serving"]);
      const messageOf = (type: string): string =>
        status.conditions?.find((condition) => condition.type === type)?.message ?? "";
      assert.match(messageOf("Stalled"), /hugepages without a limit/u);
      assert.equal(status.conditions?.find(({ type }) => type === "Available")?.status, "True");
    }
  });

  it("are replaced one after the other where the spec says Recreate", () => {
    const world = settled({ rollout: { type: "Recreate", handOverSeconds: 10, drainPeriodSeconds: 600 } });
    world.change({ pod: { image: "engine:2" } });
    const sets = (): string[] =>
      world
        .step()
        .apply.flatMap((object) =>
          object.kind === "StatefulSet" ? [`${object.metadata.name} ${object.spec.replicas}`] : [],
        );
    assert.deepEqual(sets(), ["demo-a 0"]);
    assert.match(conditionOf(world).message, /`spec\.rollout\.type` is Recreate/u);
    world.control();
    assert.deepEqual(sets(), [], "its sessions go on");
    world.endDrains();
    assert.deepEqual(sets(), ["demo-a 1"]);
    world.settle();
    assert.equal(world.all("Pod").length, 1);
  });

  it("tell pods of a new config, but for those that end", () => {
    const world = settled({ replicas: 2 });
    world.deletePod("demo-a-0");
    world.change({ banner: "Hello" });
    assert.deepEqual(
      world.step().patchPods.map(({ ref }) => ref.name),
      ["demo-b-0"],
    );
  });

  it("end a surplus pod whose StatefulSet somebody removed", () => {
    const world = settled({ replicas: 2 });
    world.objects.delete("StatefulSet/demo-b");
    world.change({ replicas: 0 });
    assert.deepEqual(
      world.step().delete.map(({ ref }) => `${ref.kind} ${ref.name}`),
      ["Pod demo-b-0"],
    );
    world.settle();
    assert.deepEqual([world.all("Pod"), world.all("StatefulSet")], [[], []]);
  });

  it("give a Service back its ports that somebody has taken all of", () => {
    const world = settled();
    const [service] = world.all("Service");
    assert.ok(service);
    // As an edit to type ExternalName leaves it.
    delete service.spec.ports;
    const { status, apply } = world.step();
    assert.equal(
      status.conditions?.find(({ type }) => type === "PassivePortsPublished")?.reason,
      "ServiceOutdated",
    );
    assert.deepEqual(
      apply.map(({ kind }) => kind),
      ["Service"],
    );
    world.settle();
  });

  it("publish no port that leads elsewhere", () => {
    const world = settled();
    const port = world.all("Service")[0]?.spec.ports?.[3];
    assert.ok(port);
    port.targetPort = "ftp";
    const { status, apply } = world.step();
    assert.equal(
      status.conditions?.find(({ type }) => type === "PassivePortsPublished")?.reason,
      "ServiceOutdated",
    );
    assert.deepEqual(
      apply.map(({ kind }) => kind),
      ["Service"],
    );
  });
});
