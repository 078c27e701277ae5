/** Tests the memory of chunks that TLS decrypts during an upload. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectPlain, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { systemClock } from "../../../src/common/clock.ts";
import { loadCredentials } from "../../../src/engine/tls/credentials.ts";
import type { ServerSocket } from "../../../src/engine/tls/server-socket.ts";
import { TlsLayer } from "../../../src/engine/tls/tls-layer.ts";
import { receiveAll } from "../../../src/engine/transfer/receive.ts";
import { tlsConfig } from "../../support/engine/tls-world.ts";

const observer = { tlsHandshake: (): void => {}, tlsFailed: (): void => {} };
const MEGABYTE = 1 << 20;
const RECORD_BYTES = 16_384;

interface Ends extends AsyncDisposable {
  client: TLSSocket;
  /** Connection of the client without TLS. */
  plain: Socket;
  data: ServerSocket;
}

/** Returns both ends of a data connection that has performed its handshake. */
async function dataConnection(requireCloseNotify = true): Promise<Ends> {
  const config = await tlsConfig();
  const layer = new TlsLayer(config, await loadCredentials(config), observer, systemClock);
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const plain = connectPlain(address.port, "127.0.0.1");
  const client = connect({ socket: plain, rejectUnauthorized: false });
  client.on("error", () => {});
  const [accepted]: Socket[] = await once(server, "connection");
  assert.ok(accepted);
  const data = await layer.data(accepted, {
    timeoutMilliseconds: 10_000,
    direction: "Upload",
    requireCloseNotify,
  });
  return {
    client,
    plain,
    data,
    async [Symbol.asyncDispose]() {
      client.destroy();
      data.destroy();
      server.close();
    },
  };
}

async function receive(data: ServerSocket, sink: (chunks: readonly Uint8Array[]) => void): Promise<void> {
  await receiveAll(data, {
    async sink(chunks) {
      sink(chunks);
      await new Promise(setImmediate);
    },
    progress: () => {},
    pause: () => undefined,
    maxWaiting: MEGABYTE,
  });
}

/**
 * Checks that a synchronous call frees at least the given number of memory blocks. The garbage collector can free other
 * memory at the same time.
 */
function assertFreed(blocks: number, call: () => void): void {
  const before = process.memoryUsage().arrayBuffers;
  call();
  const freed = Math.round((before - process.memoryUsage().arrayBuffers) / RECORD_BYTES);
  assert.ok(freed >= blocks, `${freed} instead of ${blocks} blocks`);
}

test("an upload over TLS reuses the memory of stored chunks", async () => {
  await using ends = await dataConnection();
  ends.data.becomeUpload();
  const sent = randomBytes(8 * MEGABYTE);
  ends.client.end(sent);
  const [hash, seen] = [createHash("sha256"), new Set<Uint8Array>()];
  await receive(ends.data, (chunks) => {
    for (const chunk of chunks) {
      hash.update(chunk);
      if (chunk.buffer.byteLength === RECORD_BYTES) seen.add(chunk);
    }
  });
  assert.equal(hash.digest("hex"), createHash("sha256").update(sent).digest("hex"));
  assert.ok(seen.size > 0, "some chunks filled the memory of a record");
  for (const { length } of seen) assert.equal(length, 0, "a released chunk is empty");
});

test("chunks that wait in the socket are limited when the storage is slower than the client", async () => {
  await using ends = await dataConnection();
  ends.data.becomeUpload();
  const sent = randomBytes(8 * MEGABYTE);
  ends.client.end(sent);
  const hash = createHash("sha256");
  let most = 0;
  await receiveAll(ends.data, {
    async sink(chunks) {
      for (const chunk of chunks) hash.update(chunk);
      // The client continues to send in the meantime.
      for (let tick = 0; tick < 3; tick++) await new Promise(setImmediate);
      most = Math.max(most, ends.data.readableLength);
    },
    progress: () => {},
    pause: () => undefined,
    maxWaiting: RECORD_BYTES,
  });
  assert.equal(hash.digest("hex"), createHash("sha256").update(sent).digest("hex"));
  assert.ok(most <= 16 * RECORD_BYTES, `${most} bytes`);
});

test("a connection frees memory blocks that neither chunks nor its reserve of four blocks need", async () => {
  await using ends = await dataConnection();
  ends.data.becomeUpload();
  const chunks: Buffer[] = [];
  ends.data.on("data", (chunk: Buffer) => {
    if (chunk.buffer.byteLength === RECORD_BYTES) chunks.push(chunk);
  });
  ends.client.write(Buffer.alloc(2 * MEGABYTE));
  while (chunks.length < 50) await new Promise(setImmediate);
  ends.data.pause();
  const kept = chunks.splice(0, 10);
  const inUse = kept.length + Math.ceil(ends.data.readableLength / RECORD_BYTES);
  const needed = inUse + 4;
  assertFreed(chunks.length - needed, () => ends.data.releaseChunks(chunks));
  // The connection frees two blocks for each of these chunks: the block of the chunk, and a block that later chunks no
  // longer need.
  assertFreed(2 * 5, () => ends.data.releaseChunks(kept.splice(0, 5)));
  ends.data.destroy();
  await once(ends.data, "close");
  assertFreed(5, () => ends.data.releaseChunks(kept));
});

test("a short record does not occupy the memory of a long record", async () => {
  await using ends = await dataConnection();
  ends.data.becomeUpload();
  let next = once(ends.data, "data");
  ends.data.resume();
  const chunks: Buffer[] = [];
  for (const text of ["first", "second"]) {
    ends.client.write(text);
    chunks.push(...(await next));
    next = once(ends.data, "data");
  }
  ends.data.releaseChunks(chunks);
  assert.deepEqual(chunks.map(String), ["first", "second"]);
  for (const { buffer } of chunks) assert.notEqual(buffer.byteLength, RECORD_BYTES);
});

for (const requireCloseNotify of [true, false]) {
  test(`an upload fails when the client resets the connection, close_notify ${requireCloseNotify ? "required" : "optional"}`, async () => {
    await using ends = await dataConnection(requireCloseNotify);
    ends.data.becomeUpload();
    const received = receive(ends.data, () => void ends.plain.resetAndDestroy());
    ends.client.write(Buffer.alloc(MEGABYTE));
    await assert.rejects(received, { code: "ConnectionLost" });
  });
}
