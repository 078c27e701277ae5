import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { after, before, describe, it } from "node:test";
import { releaseChunks } from "../../../src/common/buffer-memory.ts";
import { receiveAll } from "../../../src/engine/transfer/receive.ts";

const MEGABYTE = 1 << 20;

describe("memory of chunks", () => {
  const server = createServer();
  let client: Socket;
  let data: Socket;

  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const accepted = once(server, "connection");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    client = connect(address.port, "127.0.0.1");
    [data] = await accepted;
  });

  after(() => {
    client.destroy();
    server.close();
  });

  it("is released after the sink has stored them", async () => {
    const seen: Uint8Array[] = [];
    let received = 0;
    client.end(Buffer.alloc(MEGABYTE, "x"));
    await receiveAll(data, {
      async sink(chunks) {
        await new Promise(setImmediate);
        for (const chunk of chunks) received += Buffer.from(chunk).toString().split("x").length - 1;
        seen.push(...chunks);
      },
      progress: () => {},
      pause: () => undefined,
      maxWaiting: MEGABYTE,
    });
    assert.equal(received, MEGABYTE);
    const whole = seen.filter(({ buffer }) => buffer.byteLength === 0);
    assert.ok(whole.length > 0, "some had memory of their own");
    for (const { length } of whole) assert.equal(length, 0);
  });

  it("is kept when a stream can share it", () => {
    const chunk = new Uint8Array(10);
    releaseChunks(new PassThrough(), [chunk]);
    assert.equal(chunk.length, 10);
  });

  it("is kept when it contains more than the chunk", () => {
    const memory = new Uint8Array(100);
    const chunk = memory.subarray(0, 50);
    releaseChunks(data, [chunk]);
    assert.equal(chunk.length, 50);
  });

  it("is released only once", () => {
    const chunk = new Uint8Array(10);
    releaseChunks(data, [chunk, chunk]);
    assert.equal(chunk.length, 0);
  });
});
