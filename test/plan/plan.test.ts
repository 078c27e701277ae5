import assert from "node:assert/strict";
import { describe, it } from "node:test";
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

function engineConfig(world: Cluster): EngineConfig {
  const [secret] = world.all("Secret");
  const text = Buffer.from(secret?.data["engine.json"] ?? "", "base64").toString("utf8");
  const config: EngineConfig = JSON.parse(text);
  return config;
}

function condition(world: Cluster, type: string): string {
  const found = world.server.status?.conditions?.find((one) => one.type === type);
  return `${found?.status} ${found?.reason}`;
}

describe("plan", () => {
  it("makes every child of a new FtpServer, in the order in which they need each other", () => {
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

  it("writes nothing in an unchanged world", () => {
    const world = new Cluster(serverOf());
    world.settle();
    const status = JSON.stringify(world.server.status);
    const result = world.step();
    assert.deepEqual([result.apply, result.delete, result.patchPods, result.events], [[], [], [], []]);
    assert.equal(JSON.stringify(result.status), status);
    assert.equal(condition(world, "Ready"), "True Ready");
  });

  it("brings the balancer's address into the config without touching a StatefulSet", () => {
    const world = new Cluster(serverOf());
    world.settle();
    assert.deepEqual(engineConfig(world).passive.address, { type: "Static", address: "192.0.2.10" });
    world.balancerAddress = "192.0.2.99";
    world.control();
    world.writes = [];
    const { events, status } = world.step();
    assert.deepEqual(world.writes, ["apply Secret/demo-config", "touch demo-a-0", "status"]);
    assert.deepEqual(engineConfig(world).passive.address, { type: "Static", address: "192.0.2.99" });
    assert.equal(status.endpoint, "ftp://192.0.2.99:21");
    assert.deepEqual(
      events.map(({ reason }) => reason),
      ["AddressChanged"],
    );
  });

  it("leaves a user without a password out of the config, says so, and serves the others", () => {
    const world = new Cluster(serverOf({ users: [userOf("alice"), userOf("bob")] }));
    const failure = { reason: "SecretNotFound" as const, message: "Secret bob not found." };
    const passwords = new Map<string, { hash: string; source: string } | { failure: typeof failure }>([
      ["alice", { hash: "h", source: "s" }],
      ["bob", { failure }],
    ]);
    const { status, events } = world.step({ passwords });
    assert.deepEqual(
      engineConfig(world).users.map(({ name }) => name),
      ["alice"],
    );
    const users = status.conditions?.find(({ type }) => type === "UsersReady");
    assert.deepEqual(
      [users?.status, users?.reason, users?.message],
      ["False", failure.reason, failure.message],
    );
    assert.ok(events.some(({ type, reason }) => type === "Warning" && reason === "SecretNotFound"));
    world.settle();
    assert.deepEqual(
      engineConfig(world).users.map(({ name }) => name),
      ["alice", "bob"],
    );
    assert.equal(condition(world, "Ready"), "True Ready");
  });

  it("corrects what somebody changed by hand", () => {
    const world = new Cluster(
      serverOf({ networkPolicy: { mode: "Managed", allowedClients: ["192.0.2.0/24"], metricsFrom: [] } }),
    );
    world.settle();
    const [policy] = world.all("NetworkPolicy");
    assert.ok(policy);
    policy.spec.ingress = [{ ports: [{ protocol: "TCP", port: 1, endPort: 65535 }] }];
    const [service] = world.all("Service");
    service?.spec.ports?.splice(3, 1);
    assert.deepEqual(
      world.step().apply.map(({ kind }) => kind),
      ["NetworkPolicy", "Service"],
    );
    world.settle();
  });

  it("touches nothing while the FtpServer is being deleted", () => {
    const server = serverOf();
    server.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
    const result = plan(observedOf(server));
    assert.deepEqual([result.apply, result.delete, result.patchPods, result.events], [[], [], [], []]);
  });

  it("leaves an object of another owner alone, and is stalled by it", () => {
    const world = new Cluster(serverOf());
    const { apply } = plan(world.observe());
    const service = structuredClone(apply.find(({ kind }) => kind === "Service"));
    assert.ok(service);
    delete service.metadata.ownerReferences;
    world.apply(service);
    const result = world.step();
    assert.deepEqual(result.apply, []);
    assert.equal(condition(world, "Stalled"), "True NameTaken");
    assert.equal(condition(world, "Ready"), "False NameTaken");
  });

  it("takes over the files that an earlier server left behind, and nobody else's", () => {
    const create = { accessModes: ["ReadWriteOnce" as const], size: "1Gi" };
    const persistentVolumeClaim = { create, whenDeleted: "Delete" as const };
    const storage: StoragePatch = { type: "PersistentVolumeClaim", persistentVolumeClaim };
    const world = new Cluster(serverOf({ storage }));
    const claim = plan(world.observe()).apply.find(({ kind }) => kind === "PersistentVolumeClaim");
    assert.ok(claim);
    delete claim.metadata.ownerReferences;
    const { labels, ...metadata } = claim.metadata;
    world.apply({ ...claim, metadata });
    assert.deepEqual(world.step().apply, []);
    assert.equal(condition(world, "Stalled"), "True NameTaken");
    world.apply({ ...claim, metadata: { ...metadata, labels: labels ?? {} } });
    world.settle();
    assert.equal(condition(world, "Ready"), "True Ready");
    assert.equal(world.all("PersistentVolumeClaim")[0]?.metadata.ownerReferences?.[0]?.uid, "server-uid");
  });

  it("uses a claim that the spec names, whoever made it", () => {
    const persistentVolumeClaim = { claimName: "files", whenDeleted: "Retain" as const };
    const storage: StoragePatch = { type: "PersistentVolumeClaim", persistentVolumeClaim };
    const world = new Cluster(serverOf({ storage }));
    const owner = { apiVersion: "v1", kind: "App", name: "app", uid: "app-uid", controller: true };
    world.apply({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "files", ownerReferences: [owner] },
      spec: { accessModes: ["ReadWriteMany"] },
    });
    world.settle();
    assert.equal(condition(world, "Ready"), "True Ready");
    assert.deepEqual(world.all("PersistentVolumeClaim")[0]?.metadata.ownerReferences, [owner]);
  });

  it("does not mind somebody else's NetworkPolicy when it makes none", () => {
    const world = new Cluster(
      serverOf({ networkPolicy: { mode: "Disabled", allowedClients: [], metricsFrom: [] } }),
    );
    const policy = plan(observedOf(serverOf())).apply.find(({ kind }) => kind === "NetworkPolicy");
    assert.ok(policy);
    delete policy.metadata.ownerReferences;
    world.apply(policy);
    world.settle();
    assert.equal(condition(world, "Ready"), "True Ready");
    assert.equal(world.all("NetworkPolicy").length, 1);
  });

  it("waits for leftovers of a deleted FtpServer of the same name, without being stalled", () => {
    const world = new Cluster(serverOf());
    world.settle();
    world.server.metadata.uid = "another-uid";
    delete world.server.status;
    const result = world.step();
    assert.deepEqual(result.apply, []);
    assert.equal(condition(world, "Stalled"), "False NotStalled");
    assert.equal(condition(world, "Reconciling").split(" ")[0], "True");
  });

  it("says what the API server refused", () => {
    const world = new Cluster(serverOf());
    const ref = { apiVersion: "v1", kind: "Service", name: "demo", namespace: "files" };
    const { events } = world.step({ rejections: [{ ref, message: "provided port is already allocated" }] });
    assert.equal(condition(world, "Stalled"), "True ChangeRejected");
    assert.equal(condition(world, "PassivePortsPublished"), "False ServiceRejected");
    assert.ok(events.some(({ message }) => message.includes("already allocated")));
  });

  it("says what may not be deleted, and is not stalled by a pod that may not be touched", () => {
    const world = new Cluster(serverOf());
    world.settle();
    const pod = { apiVersion: "v1", kind: "Pod", name: "demo-a-0", namespace: "files" };
    const set = { apiVersion: "apps/v1", kind: "StatefulSet", name: "demo-b", namespace: "files" };
    const touch = { ref: pod, verb: "annotate" as const, message: "nobody may" };
    world.step({ rejections: [touch] });
    assert.equal(condition(world, "Stalled"), "False NotStalled");
    world.step({ rejections: [touch, { ref: set, verb: "delete", message: "nobody may" }] });
    assert.equal(condition(world, "Stalled"), "True ChangeRejected");
    const { message } = world.server.status?.conditions?.find(({ type }) => type === "Stalled") ?? {};
    assert.match(message ?? "", /deletion of StatefulSet demo-b: nobody may\./);
  });

  it("keeps passive ports of ending pods published while the range moves", () => {
    const world = new Cluster(serverOf());
    world.settle();
    world.change({ passive: { ...specOf().passive, portRange: { first: 51000, last: 51009 } } });
    assert.equal(world.all("Pod").length, 1);
    world.step();
    const ports = world.all("Service")[0]?.spec.ports?.map(({ port }) => port) ?? [];
    assert.deepEqual(ports, [
      21,
      50000,
      50001,
      50002,
      50003,
      50004,
      ...Array.from({ length: 10 }, (_, i) => 51000 + i),
    ]);
    world.settle();
    const after = world.all("Service")[0]?.spec.ports?.map(({ port }) => port) ?? [];
    assert.deepEqual(after, [21, ...Array.from({ length: 10 }, (_, i) => 51000 + i)]);
  });

  it("removes the NetworkPolicy when it is no longer wished", () => {
    const world = new Cluster(serverOf());
    world.settle();
    world.change({ networkPolicy: { mode: "Disabled", allowedClients: [], metricsFrom: [] } });
    world.step();
    assert.deepEqual(world.all("NetworkPolicy"), []);
    world.settle();
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

describe("plan, for any sequence of specs", () => {
  it("converges, and then writes nothing; Service, pods and NetworkPolicy name the same ports", () => {
    fc.assert(
      fc.property(fc.array(specs, { minLength: 1, maxLength: 4 }), (patches) => {
        const world = new Cluster(serverOf());
        for (const patch of patches) {
          world.change(patch);
          const { status } = world.settle();
          assert.equal(status.observedGeneration, world.server.metadata.generation);
          assert.deepEqual(validate("FtpServer", world.server), []);
          assertSamePorts(world);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** One range, everywhere the same. */
function assertSamePorts(world: Cluster): void {
  const { first, last } = world.server.spec.passive.portRange;
  const range = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const service = world.all("Service")[0];
  assert.deepEqual(service?.spec.ports?.map(({ port }) => port).slice(1), range);
  const pods = world.all("StatefulSet").flatMap(({ spec }) => spec.template.spec.containers);
  const declared = pods.flatMap(({ ports = [] }) => ports.filter(({ name }) => name.startsWith("pasv-")));
  assert.equal(new Set(declared.map(({ containerPort }) => containerPort)).size, declared.length);
  for (const { name, containerPort } of declared) {
    assert.ok(range.includes(containerPort));
    assert.equal(service?.spec.ports?.find(({ port }) => port === containerPort)?.targetPort, name);
  }
  const [rule] = world.all("NetworkPolicy")[0]?.spec.ingress ?? [];
  assert.deepEqual(rule?.ports[1], { protocol: "TCP", port: first, endPort: last });
  assert.equal(engineConfig(world).passive.portRange.first, first);
}
