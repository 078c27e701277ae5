import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Condition } from "../../src/api/kubernetes.ts";
import type { ChildObject } from "../../src/plan/model/objects.ts";
import { plan } from "../../src/plan/plan.ts";
import { serverOf, Cluster, type SpecPatch } from "../support/plan/cluster.ts";

/** Specs for which the old pod must terminate before its successor starts. */
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
  const cluster = new Cluster(serverOf(spec));
  cluster.settle();
  return cluster;
}

function end(object: ChildObject | undefined): void {
  assert.ok(object);
  object.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
}

function conditionOf(cluster: Cluster): Condition {
  const condition = cluster.server.status?.conditions?.find(({ type }) => type === "Progressing");
  assert.ok(condition);
  return condition;
}

function progressing(cluster: Cluster): string {
  const { status, reason } = conditionOf(cluster);
  return `${status} ${reason}`;
}

describe("children", () => {
  test("are not deleted again while they terminate", () => {
    const cluster = settled();
    cluster.change({ networkPolicy: { mode: "Disabled", allowedClients: [], metricsFrom: [] } });
    end(cluster.all("NetworkPolicy")[0]);
    assert.deepEqual(cluster.step().delete, []);
  });

  test("are replaced in another slot while a StatefulSet terminates", () => {
    const cluster = settled();
    end(cluster.all("StatefulSet")[0]);
    const { status } = cluster.step();
    assert.deepEqual(
      status.slots?.map(({ name, state }) => `${name} ${state}`),
      ["a Draining", "b Starting"],
    );
  });

  test("are scaled to zero before they are deleted, and counted while they start", () => {
    const cluster = settled();
    cluster.change({ pod: { image: "engine:2" } });
    assert.deepEqual([cluster.step().status.replicas, cluster.server.status?.readyReplicas], [2, 1]);
    cluster.control();
    cluster.makeReady();
    const [scaled] = cluster.step().apply;
    assert.ok(scaled?.kind === "StatefulSet");
    assert.deepEqual([scaled.metadata.name, scaled.spec.replicas], ["demo-a", 0]);
    assert.equal(scaled.spec.template.spec.containers[0]?.["image"], "engine:1");
    cluster.control();
    assert.deepEqual(cluster.step().delete, []);
    cluster.endDrains();
    assert.deepEqual(
      cluster.step().delete.map(({ ref }) => `${ref.kind} ${ref.name}`),
      ["StatefulSet demo-a"],
    );
  });

  test("start in the part of a wider range that the old pod does not own", () => {
    const cluster = settled();
    cluster.change({ pod: { image: "engine:2" } });
    cluster.settle();
    const { passive } = cluster.server.spec;
    cluster.change({ passive: { ...passive, portRange: { first: 50000, last: 50049 } } });
    cluster.step();
    const slots = (): string[] =>
      (cluster.server.status?.slots ?? []).map(
        ({ name, passivePorts, state }) => `${name} ${passivePorts?.first}-${passivePorts?.last} ${state}`,
      );
    assert.deepEqual(slots(), ["a 50025-50049 Starting", "b 50005-50009 Serving"]);
    cluster.settle();
    assert.deepEqual(slots(), ["a 50025-50049 Serving", "b 50000-50024 Free"]);
    const [set] = cluster.all("StatefulSet");
    const container = set?.spec.template.spec.containers[0];
    assert.ok(JSON.stringify(container?.["args"]).includes("50025-50049"));
    assert.equal(container?.ports?.length, 27);
  });

  test("are replaced by a corrected template while an older pod drains, if they cannot have sessions", () => {
    const cluster = settled();
    cluster.change({ pod: { image: "engine:2" } });
    for (let round = 0; round < 2; round += 1) {
      cluster.step();
      cluster.control();
      cluster.makeReady();
    }
    const pod = cluster.all("Pod").find(({ metadata }) => metadata.name === "demo-b-0");
    assert.ok(pod);
    cluster.change({ pod: { image: "engine:3" } });
    const written = (started: boolean): string[] => {
      pod.status = { containerStatuses: [{ name: "engine", started }] };
      return cluster.step().apply.map(({ metadata }) => metadata.name);
    };
    assert.deepEqual(written(true), []);
    assert.deepEqual(written(false), ["demo-b"]);
  });

  test("are unchanged when the number of replicas changes below maxReplicas", () => {
    const cluster = settled({ maxReplicas: 3 });
    const firstPods = cluster.all("Pod");
    const service = cluster.all("Service")[0]?.spec;
    for (const replicas of [3, 2, 1]) {
      cluster.change({ replicas });
      cluster.settle();
      const pods = cluster.all("Pod");
      assert.equal(pods.length, replicas);
      assert.deepEqual(pods.slice(0, 1), firstPods);
      assert.deepEqual(cluster.all("Service")[0]?.spec, service);
    }
  });

  test("are unchanged during maintenance, except the configuration", () => {
    const cluster = settled();
    cluster.change({
      maintenance: { mode: "Enabled" },
      replicas: 2,
      banner: "Hello",
      networkPolicy: { mode: "Disabled", allowedClients: [], metricsFrom: [] },
      pod: { image: "engine:2" },
    });
    const { apply, delete: deletions, patchPods } = cluster.step();
    assert.deepEqual(
      apply.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ["Secret demo-config"],
    );
    assert.deepEqual(deletions, []);
    assert.equal(patchPods.length, 1);
    assert.equal(progressing(cluster), "True Maintenance");
    cluster.change({ maintenance: { mode: "Disabled" } });
    cluster.settle();
    assert.equal(cluster.all("StatefulSet").length, 2);
    assert.deepEqual(cluster.all("NetworkPolicy"), []);
  });

  test("continue to serve when the API server rejects the template of their successor", () => {
    for (const spec of IN_PLACE) {
      const cluster = settled(spec);
      cluster.change({ pod: { resources: { requests: { "hugepages-2Mi": "2Mi" } } } });
      const [refused, ...others] = plan(cluster.observe()).apply;
      assert.ok(refused?.kind === "StatefulSet");
      assert.deepEqual([others, refused.spec.replicas], [[], 0]);
      assert.match(JSON.stringify(refused.spec.template), /"hugepages-2Mi":"2Mi"/u);
      const ref = { apiVersion: "apps/v1", kind: "StatefulSet", name: refused.metadata.name };
      const { status, apply } = plan(
        cluster.observe({ rejections: [{ ref, message: "hugepages without a limit" }] }),
      );
      assert.deepEqual(apply, [refused], "tried again");
      assert.deepEqual([status.readyReplicas, status.slots?.[0]?.state], [1, "Serving"]);
      const messageOf = (type: string): string =>
        status.conditions?.find((condition) => condition.type === type)?.message ?? "";
      assert.match(messageOf("Stalled"), /hugepages without a limit/u);
      assert.equal(status.conditions?.find(({ type }) => type === "Available")?.status, "True");
    }
  });

  test("are replaced one after the other with the rollout type Recreate", () => {
    const cluster = settled({ rollout: { type: "Recreate", handOverSeconds: 10, drainPeriodSeconds: 600 } });
    cluster.change({ pod: { image: "engine:2" } });
    const sets = (): string[] =>
      cluster
        .step()
        .apply.flatMap((object) =>
          object.kind === "StatefulSet" ? [`${object.metadata.name} ${object.spec.replicas}`] : [],
        );
    assert.deepEqual(sets(), ["demo-a 0"]);
    assert.match(conditionOf(cluster).message, /`spec\.rollout\.type` is `Recreate`/u);
    cluster.control();
    assert.deepEqual(sets(), [], "the pod drains");
    cluster.endDrains();
    assert.deepEqual(sets(), ["demo-a 1"]);
    cluster.settle();
    assert.equal(cluster.all("Pod").length, 1);
  });

  test("are annotated with a new configuration, except terminating pods", () => {
    const cluster = settled({ replicas: 2 });
    cluster.deletePod("demo-a-0");
    cluster.change({ banner: "Hello" });
    assert.deepEqual(
      cluster.step().patchPods.map(({ ref }) => ref.name),
      ["demo-b-0"],
    );
  });

  test("include no surplus pod whose StatefulSet was deleted", () => {
    const cluster = settled({ replicas: 2 });
    cluster.objects.delete("StatefulSet/demo-b");
    cluster.change({ replicas: 0 });
    assert.deepEqual(
      cluster.step().delete.map(({ ref }) => `${ref.kind} ${ref.name}`),
      ["Pod demo-b-0"],
    );
    cluster.settle();
    assert.deepEqual([cluster.all("Pod"), cluster.all("StatefulSet")], [[], []]);
  });

  test("include a Service whose ports were all removed", () => {
    const cluster = settled();
    const [service] = cluster.all("Service");
    assert.ok(service);
    // A user changed the Service to type ExternalName.
    delete service.spec.ports;
    const { status, apply } = cluster.step();
    assert.equal(
      status.conditions?.find(({ type }) => type === "PassivePortsPublished")?.reason,
      "ServiceOutdated",
    );
    assert.deepEqual(
      apply.map(({ kind }) => kind),
      ["Service"],
    );
    cluster.settle();
  });

  test("are incomplete while a port has another target", () => {
    const cluster = settled();
    const port = cluster.all("Service")[0]?.spec.ports?.[3];
    assert.ok(port);
    port.targetPort = "ftp";
    const { status, apply } = cluster.step();
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
