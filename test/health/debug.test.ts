import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { after, before, describe, it } from "node:test";
import { serveDebug } from "../../src/health/debug.ts";
import { sendMalformed } from "./malformed-targets.ts";
import { WorkQueue } from "../../src/kube/work-queue.ts";

const silent = { added() {}, taken() {}, retried() {} };

describe("/debug", () => {
  const queue = new WorkQueue<string>(silent);
  let server: Server;
  let port = 0;

  before(async () => {
    server = await serveDebug({ port: 0, state: () => ({ queue: queue.state }) });
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    ({ port } = address);
  });

  after(() => {
    queue.shutDown();
    server.close();
  });

  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);

  // id: malformed-http-2
  it("survives invalid request targets", async () => {
    await sendMalformed({ port, host: "127.0.0.1" });
    assert.equal((await get("/debug/state")).status, 200);
  });

  it("responds 400 to an invalid target and continues", async () => {
    const socket = connect(port, "127.0.0.1").end("GET // HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    const [answer] = await once(socket.setEncoding("latin1"), "data");
    assert.match(answer, /^HTTP\/1\.1 400 /u);
    assert.equal((await get("/debug/state")).status, 200);
  });

  it("returns waiting, processing and delayed keys", async () => {
    queue.add("default/processing");
    await queue.get();
    queue.add("default/waiting");
    queue.addRateLimited("default/failed", 60_000);
    const { queue: seen } = JSON.parse(await (await get("/debug/state")).text());
    assert.deepEqual(seen.processing, ["default/processing"]);
    assert.deepEqual(
      seen.waiting.map(({ key }: { key: string }) => key),
      ["default/waiting"],
    );
    assert.ok(seen.waiting[0].seconds >= 0);
    assert.equal(seen.delayed[0].key, "default/failed");
    assert.equal(seen.delayed[0].failures, 1);
    assert.ok(seen.delayed[0].inSeconds > 50 && seen.delayed[0].inSeconds <= 60);
  });

  it("returns memory statistics and no heap snapshot", async () => {
    const memory = JSON.parse(await (await get("/debug/memory")).text());
    assert.ok(memory.process.rss > 0 && memory.heap.heap_size_limit > 0 && memory.spaces.length > 3);
    assert.equal((await get("/debug/heap")).status, 404);
  });

  it("takes one CPU profile at a time", async () => {
    const first = get("/debug/profile?seconds=1");
    const rejected = await get("/debug/profile?seconds=1");
    assert.equal(rejected.status, 409);
    assert.match(await rejected.text(), /try again/u);
    const profile = JSON.parse(await (await first).text());
    assert.ok(profile.endTime - profile.startTime > 900_000, "microseconds");
    assert.equal(profile.samples.length, profile.timeDeltas.length);
    assert.ok(profile.nodes.length > 0);
    assert.equal((await get("/debug/profile?seconds=0.1")).status, 200, "a second profile after the first");
  });

  it("rejects invalid durations and unknown paths with the accepted values", async () => {
    for (const seconds of ["0", "61", "-1", "x", ""])
      assert.equal((await get(`/debug/profile?seconds=${seconds}`)).status, 400, seconds);
    const unknown = await get("/");
    assert.equal(unknown.status, 404);
    assert.match(await unknown.text(), /use \/debug\/state/u);
  });

  it("listens on loopback only", async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ internal, family }) => !internal && family === "IPv4");
    const socket = connect(port, outside?.address ?? "127.0.0.2");
    const [error] = await once(socket, "error");
    assert.equal(error.code, "ECONNREFUSED");
  });
});
