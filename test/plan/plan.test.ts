import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plan } from "../../src/plan/plan.ts";
import {
  Cluster,
  engineConfigOf,
  observedOf,
  serverOf,
  specOf,
  userOf,
  type StoragePatch,
} from "../support/plan/cluster.ts";
import { statusAndReason } from "../support/plan/conditions.ts";

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
    assert.equal(statusAndReason(cluster.server, "Ready"), "True Ready");
  });

  test("writes a new load balancer address to the configuration without changing a StatefulSet", () => {
    const cluster = new Cluster(serverOf());
    cluster.settle();
    assert.deepEqual(engineConfigOf(cluster).passive.address, { type: "Static", address: "192.0.2.10" });
    cluster.loadBalancerAddress = "192.0.2.99";
    cluster.control();
    cluster.writes = [];
    const { events, status } = cluster.step();
    assert.deepEqual(cluster.writes, ["apply Secret/demo-config", "annotate demo-a-0", "status"]);
    assert.deepEqual(engineConfigOf(cluster).passive.address, { type: "Static", address: "192.0.2.99" });
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
      engineConfigOf(cluster).users.map(({ name }) => name),
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
      engineConfigOf(cluster).users.map(({ name }) => name),
      ["alice", "bob"],
    );
    assert.equal(statusAndReason(cluster.server, "Ready"), "True Ready");
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
    assert.equal(statusAndReason(cluster.server, "Stalled"), "True NameTaken");
    assert.equal(statusAndReason(cluster.server, "Ready"), "False NameTaken");
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
    assert.equal(statusAndReason(cluster.server, "Stalled"), "True NameTaken");
    cluster.apply({ ...claim, metadata: { ...metadata, labels: labels ?? {} } });
    cluster.settle();
    assert.equal(statusAndReason(cluster.server, "Ready"), "True Ready");
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
    assert.equal(statusAndReason(cluster.server, "Ready"), "True Ready");
    assert.deepEqual(cluster.all("PersistentVolumeClaim")[0]?.metadata.ownerReferences, [owner]);
  });

  test("ignores a ServiceAccount of another owner when it creates none", () => {
    const cluster = new Cluster(serverOf({ pod: { serviceAccountName: "demo" } }));
    const account = plan(observedOf(serverOf())).apply.find(({ kind }) => kind === "ServiceAccount");
    assert.ok(account);
    delete account.metadata.ownerReferences;
    cluster.apply(account);
    cluster.settle();
    assert.equal(statusAndReason(cluster.server, "Ready"), "True Ready");
    assert.equal(cluster.all("ServiceAccount").length, 1);
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
    assert.equal(statusAndReason(cluster.server, "Ready"), "True Ready");
    assert.equal(cluster.all("NetworkPolicy").length, 1);
  });

  test("waits for orphans of a deleted FtpServer of the same name without being stalled", () => {
    const cluster = new Cluster(serverOf());
    cluster.settle();
    cluster.server.metadata.uid = "another-uid";
    delete cluster.server.status;
    const result = cluster.step();
    assert.deepEqual(result.apply, []);
    assert.equal(statusAndReason(cluster.server, "Stalled"), "False NotStalled");
    assert.equal(statusAndReason(cluster.server, "Reconciling").split(" ")[0], "True");
  });

  test("reports a change that the API server rejected", () => {
    const cluster = new Cluster(serverOf());
    const ref = { apiVersion: "v1", kind: "Service", name: "demo", namespace: "files" };
    const { events } = cluster.step({ rejections: [{ ref, message: "provided port is already allocated" }] });
    assert.equal(statusAndReason(cluster.server, "Stalled"), "True ChangeRejected");
    assert.equal(statusAndReason(cluster.server, "PassivePortsPublished"), "False ServiceRejected");
    assert.ok(events.some(({ message }) => message.includes("already allocated")));
  });

  test("is stalled by a rejected deletion, but not by a rejected annotation", () => {
    const cluster = new Cluster(serverOf());
    cluster.settle();
    const pod = { apiVersion: "v1", kind: "Pod", name: "demo-a-0", namespace: "files" };
    const set = { apiVersion: "apps/v1", kind: "StatefulSet", name: "demo-b", namespace: "files" };
    const touch = { ref: pod, verb: "annotate" as const, message: "nobody may" };
    cluster.step({ rejections: [touch] });
    assert.equal(statusAndReason(cluster.server, "Stalled"), "False NotStalled");
    cluster.step({ rejections: [touch, { ref: set, verb: "delete", message: "nobody may" }] });
    assert.equal(statusAndReason(cluster.server, "Stalled"), "True ChangeRejected");
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
