import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import type { FtpServerSpec } from "../../src/api/ftpserver.generated.ts";
import type { EngineConfig } from "../../src/api/engine-config.ts";
import { validate } from "../../src/api/validate.ts";
import { plan } from "../../src/plan/plan.ts";
import {
  Cluster,
  observedOf,
  serverOf,
  specOf,
  userOf,
  type ExposurePatch,
  type SpecPatch,
  type StoragePatch,
} from "../support/plan/cluster.ts";

function engineConfig(cluster: Cluster): EngineConfig {
  const [secret] = cluster.all("Secret");
  const text = Buffer.from(secret?.data["engine.json"] ?? "", "base64").toString("utf8");
  const config: EngineConfig = JSON.parse(text);
  return config;
}

function condition(cluster: Cluster, type: string): string {
  const found = cluster.server.status?.conditions?.find((one) => one.type === type);
  return `${found?.status} ${found?.reason}`;
}

describe("plan", () => {
  test("creates every child of a new FtpServer in the order of dependencies", () => {
    const { apply } = plan(observedOf(serverOf()));
    assert.deepEqual(
      apply.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      [
        "ServiceAccount demo",
        "Secret demo-config",
        "NetworkPolicy demo",
        "Service demo",
        "PodDisruptionBudget demo",
        "StatefulSet demo-a",
      ],
    );
    for (const { metadata } of apply) {
      assert.equal(metadata.namespace, "files");
      assert.equal(metadata.ownerReferences?.[0]?.uid, "server-uid");
      assert.equal(metadata.labels?.["app.kubernetes.io/instance"], "demo");
    }
  });

  test("writes nothing in an unchanged cluster", () => {
    const cluster = new Cluster(serverOf());
    cluster.settle();
    const status = JSON.stringify(cluster.server.status);
    const result = cluster.step();
    assert.deepEqual([result.apply, result.delete, result.patchPods, result.events], [[], [], [], []]);
    assert.equal(JSON.stringify(result.status), status);
    assert.equal(condition(cluster, "Ready"), "True Ready");
  });

  test("writes a new load balancer address to the configuration without changing a StatefulSet", () => {
    const cluster = new Cluster(serverOf());
    cluster.settle();
    assert.deepEqual(engineConfig(cluster).passive.address, { type: "Static", address: "192.0.2.10" });
    cluster.loadBalancerAddress = "192.0.2.99";
    cluster.control();
    cluster.writes = [];
    const { events, status } = cluster.step();
    assert.deepEqual(cluster.writes, ["apply Secret/demo-config", "annotate demo-a-0", "status"]);
    assert.deepEqual(engineConfig(cluster).passive.address, { type: "Static", address: "192.0.2.99" });
    assert.equal(status.endpoint, "ftp://192.0.2.99:21");
    assert.deepEqual(
      events.map(({ reason }) => reason),
      ["AddressChanged"],
    );
  });

  test("omits a user without a password from the configuration, reports it, and keeps the others", () => {
    const cluster = new Cluster(serverOf({ users: [userOf("alice"), userOf("bob")] }));
    const failure = { reason: "SecretNotFound" as const, message: "Secret bob not found." };
    const passwords = new Map<string, { hash: string; source: string } | { failure: typeof failure }>([
      ["alice", { hash: "h", source: "s" }],
      ["bob", { failure }],
    ]);
    const { status, events } = cluster.step({ passwords });
    assert.deepEqual(
      engineConfig(cluster).users.map(({ name }) => name),
      ["alice"],
    );
    const users = status.conditions?.find(({ type }) => type === "UsersReady");
    assert.deepEqual(
      [users?.status, users?.reason, users?.message],
      ["False", failure.reason, failure.message],
    );
    assert.ok(events.some(({ type, reason }) => type === "Warning" && reason === "SecretNotFound"));
    cluster.settle();
    assert.deepEqual(
      engineConfig(cluster).users.map(({ name }) => name),
      ["alice", "bob"],
    );
    assert.equal(condition(cluster, "Ready"), "True Ready");
  });

  test("reverts manual changes", () => {
    const cluster = new Cluster(
      serverOf({ networkPolicy: { mode: "Managed", allowedClients: ["192.0.2.0/24"], metricsFrom: [] } }),
    );
    cluster.settle();
    const [policy] = cluster.all("NetworkPolicy");
    assert.ok(policy);
    policy.spec.ingress = [{ ports: [{ protocol: "TCP", port: 1, endPort: 65535 }] }];
    const [service] = cluster.all("Service");
    service?.spec.ports?.splice(3, 1);
    assert.deepEqual(
      cluster.step().apply.map(({ kind }) => kind),
      ["NetworkPolicy", "Service"],
    );
    cluster.settle();
  });

  test("changes nothing while the FtpServer is being deleted", () => {
    const server = serverOf();
    server.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
    const result = plan(observedOf(server));
    assert.deepEqual([result.apply, result.delete, result.patchPods, result.events], [[], [], [], []]);
  });

  test("is stalled by an object of another owner, which it does not change", () => {
    const cluster = new Cluster(serverOf());
    const { apply } = plan(cluster.observe());
    const service = structuredClone(apply.find(({ kind }) => kind === "Service"));
    assert.ok(service);
    delete service.metadata.ownerReferences;
    cluster.apply(service);
    const result = cluster.step();
    assert.deepEqual(result.apply, []);
    assert.equal(condition(cluster, "Stalled"), "True NameTaken");
    assert.equal(condition(cluster, "Ready"), "False NameTaken");
  });

  test("adopts the claim of an earlier FtpServer of the same name, but no other claim", () => {
    const create = { accessModes: ["ReadWriteOnce" as const], size: "1Gi" };
    const persistentVolumeClaim = { create, whenDeleted: "Delete" as const };
    const storage: StoragePatch = { type: "PersistentVolumeClaim", persistentVolumeClaim };
    const cluster = new Cluster(serverOf({ storage }));
    const claim = plan(cluster.observe()).apply.find(({ kind }) => kind === "PersistentVolumeClaim");
    assert.ok(claim);
    delete claim.metadata.ownerReferences;
    const { labels, ...metadata } = claim.metadata;
    cluster.apply({ ...claim, metadata });
    assert.deepEqual(cluster.step().apply, []);
    assert.equal(condition(cluster, "Stalled"), "True NameTaken");
    cluster.apply({ ...claim, metadata: { ...metadata, labels: labels ?? {} } });
    cluster.settle();
    assert.equal(condition(cluster, "Ready"), "True Ready");
    assert.equal(cluster.all("PersistentVolumeClaim")[0]?.metadata.ownerReferences?.[0]?.uid, "server-uid");
  });

  test("uses the claim that the spec names, even with another owner", () => {
    const persistentVolumeClaim = { claimName: "files", whenDeleted: "Retain" as const };
    const storage: StoragePatch = { type: "PersistentVolumeClaim", persistentVolumeClaim };
    const cluster = new Cluster(serverOf({ storage }));
    const owner = { apiVersion: "v1", kind: "App", name: "app", uid: "app-uid", controller: true };
    cluster.apply({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "files", ownerReferences: [owner] },
      spec: { accessModes: ["ReadWriteMany"] },
    });
    cluster.settle();
    assert.equal(condition(cluster, "Ready"), "True Ready");
    assert.deepEqual(cluster.all("PersistentVolumeClaim")[0]?.metadata.ownerReferences, [owner]);
  });

  test("ignores a NetworkPolicy of another owner when it creates none", () => {
    const cluster = new Cluster(
      serverOf({ networkPolicy: { mode: "Disabled", allowedClients: [], metricsFrom: [] } }),
    );
    const policy = plan(observedOf(serverOf())).apply.find(({ kind }) => kind === "NetworkPolicy");
    assert.ok(policy);
    delete policy.metadata.ownerReferences;
    cluster.apply(policy);
    cluster.settle();
    assert.equal(condition(cluster, "Ready"), "True Ready");
    assert.equal(cluster.all("NetworkPolicy").length, 1);
  });

  test("waits for orphans of a deleted FtpServer of the same name without being stalled", () => {
    const cluster = new Cluster(serverOf());
    cluster.settle();
    cluster.server.metadata.uid = "another-uid";
    delete cluster.server.status;
    const result = cluster.step();
    assert.deepEqual(result.apply, []);
    assert.equal(condition(cluster, "Stalled"), "False NotStalled");
    assert.equal(condition(cluster, "Reconciling").split(" ")[0], "True");
  });

  test("reports a change that the API server rejected", () => {
    const cluster = new Cluster(serverOf());
    const ref = { apiVersion: "v1", kind: "Service", name: "demo", namespace: "files" };
    const { events } = cluster.step({ rejections: [{ ref, message: "provided port is already allocated" }] });
    assert.equal(condition(cluster, "Stalled"), "True ChangeRejected");
    assert.equal(condition(cluster, "PassivePortsPublished"), "False ServiceRejected");
    assert.ok(events.some(({ message }) => message.includes("already allocated")));
  });

  test("is stalled by a rejected deletion, but not by a rejected annotation", () => {
    const cluster = new Cluster(serverOf());
    cluster.settle();
    const pod = { apiVersion: "v1", kind: "Pod", name: "demo-a-0", namespace: "files" };
    const set = { apiVersion: "apps/v1", kind: "StatefulSet", name: "demo-b", namespace: "files" };
    const touch = { ref: pod, verb: "annotate" as const, message: "nobody may" };
    cluster.step({ rejections: [touch] });
    assert.equal(condition(cluster, "Stalled"), "False NotStalled");
    cluster.step({ rejections: [touch, { ref: set, verb: "delete", message: "nobody may" }] });
    assert.equal(condition(cluster, "Stalled"), "True ChangeRejected");
    const { message } = cluster.server.status?.conditions?.find(({ type }) => type === "Stalled") ?? {};
    assert.match(message ?? "", /deletion of StatefulSet `demo-b`: nobody may\./);
  });

  test("keeps passive ports of terminating pods published while the range changes", () => {
    const cluster = new Cluster(serverOf());
    cluster.settle();
    cluster.change({ passive: { ...specOf().passive, portRange: { first: 51000, last: 51009 } } });
    assert.equal(cluster.all("Pod").length, 1);
    cluster.step();
    const ports = cluster.all("Service")[0]?.spec.ports?.map(({ port }) => port) ?? [];
    assert.deepEqual(ports, [
      21,
      50000,
      50001,
      50002,
      50003,
      50004,
      ...Array.from({ length: 10 }, (_, i) => 51000 + i),
    ]);
    cluster.settle();
    const after = cluster.all("Service")[0]?.spec.ports?.map(({ port }) => port) ?? [];
    assert.deepEqual(after, [21, ...Array.from({ length: 10 }, (_, i) => 51000 + i)]);
  });

  test("deletes the NetworkPolicy when it is disabled", () => {
    const cluster = new Cluster(serverOf());
    cluster.settle();
    cluster.change({ networkPolicy: { mode: "Disabled", allowedClients: [], metricsFrom: [] } });
    cluster.step();
    assert.deepEqual(cluster.all("NetworkPolicy"), []);
    cluster.settle();
  });
});

function passiveAt(shift: number): FtpServerSpec["passive"] {
  return { ...specOf().passive, portRange: { first: 50000 + shift, last: 50009 + 2 * shift } };
}

const specs: fc.Arbitrary<SpecPatch> = fc.record({
  replicas: fc.integer({ min: 0, max: 4 }),
  passive: fc.integer({ min: 0, max: 6 }).map(passiveAt),
  rollout: fc.record({
    type: fc.constantFrom("Surge", "Recreate"),
    handOverSeconds: fc.constantFrom(10, 0),
    drainPeriodSeconds: fc.constantFrom(600, 5),
  }),
  exposure: fc.constantFrom<ExposurePatch>(
    { type: "LoadBalancer", controlPort: 21 },
    { type: "ClusterIP", controlPort: 2100 },
    { type: "LoadBalancer", controlPort: 21, loadBalancer: { sourceRanges: ["192.0.2.0/24"] } },
  ),
  storage: fc.constantFrom<StoragePatch>(
    { type: "Ephemeral", ephemeral: { sizeLimit: "1024Mi" } },
    {
      type: "PersistentVolumeClaim",
      persistentVolumeClaim: {
        create: { accessModes: ["ReadWriteMany"], size: "1Gi" },
        whenDeleted: "Retain",
      },
    },
  ),
  active: fc.constantFrom<FtpServerSpec["active"]>(
    { mode: "Disabled" },
    { mode: "Enabled" },
    { mode: "Enabled", sourcePort: 20 },
  ),
});

describe("plan for any sequence of specs", () => {
  test("converges to the same ports in Service, pods and NetworkPolicy, and then writes nothing", () => {
    fc.assert(
      fc.property(fc.array(specs, { minLength: 1, maxLength: 4 }), (patches) => {
        const cluster = new Cluster(serverOf());
        for (const patch of patches) {
          cluster.change(patch);
          const { status } = cluster.settle();
          assert.equal(status.observedGeneration, cluster.server.metadata.generation);
          assert.deepEqual(validate("FtpServer", cluster.server), []);
          assertSamePorts(cluster);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Checks that all objects contain the same passive port range. */
function assertSamePorts(cluster: Cluster): void {
  const { first, last } = cluster.server.spec.passive.portRange;
  const range = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const service = cluster.all("Service")[0];
  assert.deepEqual(service?.spec.ports?.map(({ port }) => port).slice(1), range);
  const pods = cluster.all("StatefulSet").flatMap(({ spec }) => spec.template.spec.containers);
  const declared = pods.flatMap(({ ports = [] }) => ports.filter(({ name }) => name.startsWith("pasv-")));
  assert.equal(new Set(declared.map(({ containerPort }) => containerPort)).size, declared.length);
  for (const { name, containerPort } of declared) {
    assert.ok(range.includes(containerPort));
    assert.equal(service?.spec.ports?.find(({ port }) => port === containerPort)?.targetPort, name);
  }
  const [rule] = cluster.all("NetworkPolicy")[0]?.spec.ingress ?? [];
  assert.deepEqual(rule?.ports[1], { protocol: "TCP", port: first, endPort: last });
  assert.equal(engineConfig(cluster).passive.portRange.first, first);
}
