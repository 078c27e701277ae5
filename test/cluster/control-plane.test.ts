import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readAuditLog } from "./audit.ts";
import { startControlPlane } from "./control-plane.ts";
import { waitUntil } from "./wait.ts";

test("a control plane stores an object and writes the request to its audit log", async () => {
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
  const written = await waitUntil("the write is in the audit log", 60_000, () => {
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

test("a control plane with a controller manager deletes the dependents of a deleted owner", async () => {
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

/** Fails unless the host of the URL rejects a TCP connection. */
async function assertRefused(url: string): Promise<void> {
  const error: unknown = await fetch(url).then(
    () => undefined,
    (reason: Error) => reason.cause,
  );
  assert.ok(error instanceof Error && "code" in error);
  assert.equal(error.code, "ECONNREFUSED");
}

test("the processes of a control plane end when their test process ends for any reason", async () => {
  const module = join(import.meta.dirname, "control-plane.ts");
  const script = `import { startControlPlane } from ${JSON.stringify(module)};
    console.log((await startControlPlane()).url); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url]: Buffer[] = await once(child.stdout, "data");
  assert.ok(url);
  child.kill("SIGKILL");
  await waitUntil("nobody listens any more", 60_000, () => assertRefused(url.toString().trim()));
});

test("stop ends all processes, removes the folder, and can be called twice", async () => {
  const controlPlane = await startControlPlane();
  await controlPlane.stop();
  await controlPlane.stop();
  assert.equal(existsSync(controlPlane.kubeconfig), false);
  await assertRefused(controlPlane.url);
});
