/** Tests the connections and credentials of KubeClient. A TCP relay is in front of a real API server. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ObjectRef } from "../../src/api/kubernetes.ts";
import { KubeClient } from "../../src/kube/client.ts";
import { KubeError } from "../../src/kube/errors.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";

const NAMESPACE: ObjectRef = { apiVersion: "v1", kind: "Namespace", name: "default" };

let plane: ControlPlane;
let relay: Server;
let kubeconfig: string;
let client: KubeClient;
/** While the value is true, the relay accepts new connections but forwards no data. */
let deaf = false;
const connections: { near: Socket; far: Socket }[] = [];

function pass(near: Socket): void {
  const { hostname, port } = new URL(plane.url);
  const far = connect(Number(port), hostname);
  near.on("error", () => far.destroy()).on("close", () => far.destroy());
  far.on("error", () => near.destroy()).on("close", () => near.destroy());
  if (!deaf) near.pipe(far).pipe(near);
  connections.push({ near, far });
}

/** Stops forwarding data on all open connections without closing the connections. */
function dropData(): void {
  for (const { near, far } of connections) {
    near.unpipe(far);
    far.unpipe(near);
  }
}

before(async () => {
  plane = await startControlPlane();
  relay = createServer(pass);
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has an AddressInfo
  const { port } = relay.address() as AddressInfo;
  kubeconfig = `${plane.kubeconfig}.relay`;
  const text = await readFile(plane.kubeconfig, "utf8");
  await writeFile(kubeconfig, text.replace(plane.url, `https://127.0.0.1:${port}`));
});

after(async () => {
  for (const { near } of connections) near.destroy();
  relay.close();
  await plane.stop();
});

afterEach(() => client.close());

function start(file = kubeconfig): void {
  connections.length = 0;
  deaf = false;
  client = new KubeClient({ fieldManager: "test", kubeconfig: file });
}

test("KubeClient reuses connections for consecutive calls", async () => {
  start();
  for (let call = 0; call < 20; call++) await client.get(NAMESPACE);
  // The connection pool can open a second connection while the first connection still processes a response.
  assert.ok(connections.length <= 2, `${connections.length} connections`);
});

test("KubeClient loses one call for each connection that stops forwarding data", async () => {
  start();
  for (let call = 0; call < 5; call++) await client.get(NAMESPACE);
  dropData();
  const affected = connections.length;
  let lost = 0;
  while (lost <= affected && !(await succeeds())) lost += 1;
  assert.ok(lost <= affected, `${lost} calls were lost on ${affected} connections`);
});

/**
 * Returns whether a call succeeds within 3 seconds.
 * @throws AssertionError when the call fails before the time limit
 */
async function succeeds(): Promise<boolean> {
  try {
    await client.get(NAMESPACE, { signal: AbortSignal.timeout(3000) });
    return true;
  } catch (error) {
    assert.ok(error instanceof KubeError && error.reason === "Aborted", String(error));
    return false;
  }
}

test("KubeClient aborts its calls when closed and opens no connection afterwards", async () => {
  start();
  deaf = true;
  const waiting = assert.rejects(client.get(NAMESPACE), KubeError);
  while (connections.length === 0) await sleep(5);
  await client.close();
  await waiting;
  await assert.rejects(client.get(NAMESPACE), /closed/);
  assert.equal(connections.length, 1);
});

/** Writes a kubeconfig in which the token is the only credential. */
async function withToken(file: string, token: string): Promise<void> {
  const { clusters }: { clusters: { name: string }[] } = JSON.parse(
    await plane.kubectl(["config", "view", "--raw", "--flatten", "-o", "json"]),
  );
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters,
    users: [{ name: "robot", user: { token } }],
    contexts: [{ name: "robot", context: { cluster: clusters[0]?.name, user: "robot" } }],
    "current-context": "robot",
  };
  await writeFile(file, JSON.stringify(config));
}

test("KubeClient reads its token again after a call or a watch was rejected", async () => {
  await plane.kubectl(["create", "serviceaccount", "robot"]);
  await plane.kubectl([
    "create",
    "clusterrolebinding",
    "robot",
    "--clusterrole=cluster-admin",
    "--serviceaccount=default:robot",
  ]);
  const token = (await plane.kubectl(["create", "token", "robot"])).trim();
  const file = `${plane.kubeconfig}.robot`;
  for (const ask of [async () => void (await client.get(NAMESPACE)), watchOnce]) {
    await withToken(file, "outdated");
    start(file);
    await assert.rejects(ask(), /Unauthorized/);
    await withToken(file, token);
    await ask();
    await client.close();
  }
});

/** Runs one watch, which sends one request. After a rejected request, the next request must contain the new token. */
async function watchOnce(): Promise<void> {
  const from = { resourceVersion: "0", timeoutSeconds: 5 };
  for await (const { type } of client.watch({ apiVersion: "v1", kind: "Namespace" }, from)) {
    assert.equal(type, "ADDED");
    return;
  }
}
