import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { readAuditLog, startControlPlane } from "./control-plane.ts";
import { waitUntil } from "./wait.ts";

test("a control plane takes an object and writes the request to its audit log", async () => {
  const started = Date.now();
  await using controlPlane = await startControlPlane();
  console.log(`ready in ${Date.now() - started} ms`);
  const manifest = JSON.stringify({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c" },
    data: { a: "1" },
  });
  await controlPlane.kubectl(["apply", "--server-side", "-f", "-"], manifest);
  assert.equal(await controlPlane.kubectl(["get", "configmap", "c", "-o", "jsonpath={.data.a}"]), "1");
  const written = await waitUntil("the write is in the audit log", 5000, () => {
    const events = readAuditLog(controlPlane.auditLog);
    const event = events.find(
      ({ verb, objectRef }) => verb === "patch" && objectRef?.resource === "configmaps",
    );
    assert.ok(event);
    return event;
  });
  assert.equal(written.objectRef?.name, "c");
  assert.equal(written.responseStatus?.code, 201);
  assert.equal(written.user.username, "admin");
});

test("with a controller manager, what an owner leaves behind is collected", async () => {
  await using controlPlane = await startControlPlane({ controllerManager: true });
  const { kubectl } = controlPlane;
  await kubectl(["create", "configmap", "owner"]);
  const uid = await kubectl(["get", "configmap", "owner", "-o", "jsonpath={.metadata.uid}"]);
  const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: "owner", uid }];
  const owned = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "owned", ownerReferences } };
  await kubectl(["apply", "-f", "-"], JSON.stringify(owned));
  await kubectl(["delete", "configmap", "owner"]);
  await kubectl(["wait", "--for=delete", "configmap/owned", "--timeout=30s"]);
});

test("stop ends everything, removes the folder, and may be called twice", async () => {
  const controlPlane = await startControlPlane();
  await controlPlane.stop();
  await controlPlane.stop();
  assert.equal(existsSync(controlPlane.kubeconfig), false);
  await assert.rejects(fetch(controlPlane.url));
});
