import assert from "node:assert/strict";
import { type Duplex, duplexPair } from "node:stream";
import { describe, test } from "node:test";
import { receiveAll } from "../../../src/engine/transfer/receive.ts";
import { fileChunks, sendAll, sendFile } from "../../../src/engine/transfer/send.ts";
import { EngineError, toEngineError } from "../../../src/engine/errors.ts";
import { MemoryStorage } from "../../support/engine/memory-storage.ts";
import { settle } from "../../support/engine/world.ts";

describe("fileChunks", () => {
  for (const [size, offset, maxSize, end] of [
    [0, 0, 10, undefined],
    [1, 0, 10, undefined],
    [10_000, 0, 5000, undefined],
    [10_001, 1, 5000, undefined],
    [10_000, 9999, 5000, undefined],
    [10_000, 10_000, 5000, undefined],
    [10_000, 0, 5000, 0],
    [10_000, 10, 5000, 11],
    [10_000, 1, 5000, 5001],
    [10_000, 1, 5000, 5002],
    [10_000, 9000, 5000, 10_001],
  ] as const) {
    test(`${size} bytes from ${offset} to ${end} in chunks of ${maxSize}`, async () => {
      const storage = new MemoryStorage();
      const content = Buffer.from(Array.from({ length: size }, (_, index) => index % 251));
      storage.put("/f", content);
      const parts: Buffer[] = [];
      for await (const chunk of fileChunks(await storage.openRead("/f"), offset, maxSize, end)) {
        assert.ok(chunk.length <= Math.max(maxSize, 4096));
        parts.push(Buffer.from(chunk));
      }
      assert.ok(Buffer.concat(parts).equals(content.subarray(offset, end)));
    });
  }
});

test("fileChunks frees its buffers only after the last chunk has been used", async () => {
  const storage = new MemoryStorage();
  storage.put("/f", Buffer.alloc(10_000));
  const handle = await storage.openRead("/f");
  const complete: ArrayBufferLike[] = [];
  for await (const { buffer } of fileChunks(handle, 0, 5000)) complete.push(buffer);
  assert.deepEqual(
    complete.map(({ byteLength }) => byteLength),
    [0, 0],
  );
  const broken: ArrayBufferLike[] = [];
  for await (const { buffer } of fileChunks(handle, 0, 5000)) {
    broken.push(buffer);
    break;
  }
  assert.deepEqual(
    broken.map(({ byteLength }) => byteLength),
    [5000],
  );
});

describe("a connection that is destroyed before the end of a transfer without bytes", () => {
  const sending = { progress: () => {}, pause: () => undefined };
  async function* nothing(data: Duplex): AsyncGenerator<Uint8Array> {
    data.destroy();
    await settle();
    yield* [];
  }

  test("fails a listing", async () => {
    const [data] = duplexPair();
    await assert.rejects(sendAll(data, nothing(data), sending), { code: "ConnectionLost" });
  });

  for (const isDirect of [true, false])
    test(`fails the download of an empty file, ${isDirect ? "inside the kernel" : "through the process"}`, async () => {
      const storage = new MemoryStorage();
      storage.put("/f", "");
      const [data] = duplexPair();
      const part = { handle: await storage.openRead("/f"), start: 0, end: Number.POSITIVE_INFINITY };
      await assert.rejects(
        sendFile(
          data,
          part,
          () => nothing(data),
          sending,
          () => isDirect,
        ),
        { code: "ConnectionLost" },
      );
    });
});

test("a failed read-ahead rejects when its chunk is requested", async () => {
  const storage = new MemoryStorage();
  storage.put("/f", Buffer.alloc(20_000));
  const handle = await storage.openRead("/f");
  const stale = Object.assign(new Error("ESTALE: stale file handle, read"), { code: "ESTALE" });
  const chunks = fileChunks(
    {
      ...handle,
      read: async (...args) => (args[1] === 0 ? await handle.read(...args) : Promise.reject(stale)),
    },
    0,
    10_000,
  );
  assert.equal((await chunks.next()).value?.length, 10_000);
  // The read-ahead fails before the test awaits its result. If this rejection were unhandled, the process would end.
  await settle();
  await assert.rejects(chunks.next(), stale);
  assert.equal(toEngineError(stale).message, "File was replaced or removed on the volume");
});

describe("receiveAll", () => {
  const pause = (): undefined => undefined;

  test("stops reading while the sink is busy, and passes chunks in batches", async () => {
    const [ours, theirs] = duplexPair();
    const batches: number[] = [];
    let sinking = Promise.withResolvers<void>();
    let received = 0;
    const sink = (chunks: readonly Uint8Array[]): Promise<void> => {
      batches.push(chunks.length);
      sinking = Promise.withResolvers();
      return sinking.promise;
    };
    const progress = (bytes: number): void => void (received += bytes);
    const all = receiveAll(theirs, { sink, progress, pause, maxWaiting: 6000 });
    for (let part = 0; part < 50; part++) ours.write(Buffer.alloc(100));
    ours.end();
    await settle();
    assert.ok(received <= 1100, `${received}`);
    for (let turn = 0; turn < 50; turn++) {
      sinking.resolve();
      await settle();
    }
    await all;
    assert.equal(received, 5000);
    assert.equal(
      batches.reduce((sum, count) => sum + count, 0),
      50,
    );
    assert.ok(batches.length <= 10, `${batches.length}`);
  });

  // id: transfer-memory-3
  test("stops reading early when chunks are tiny, because each takes separate memory", async () => {
    const [ours, theirs] = duplexPair();
    const gate = Promise.withResolvers<void>();
    let received = 0;
    const progress = (bytes: number): void => void (received += bytes);
    const all = receiveAll(theirs, { sink: () => gate.promise, progress, pause, maxWaiting: 65_536 });
    for (let part = 0; part < 1000; part++) ours.write("x");
    ours.end();
    await settle();
    assert.ok(received < 200, `${received} chunks`);
    gate.resolve();
    await all;
    assert.equal(received, 1000);
  });

  test("reads no more until the event-loop budget permits it", async () => {
    const [ours, theirs] = duplexPair();
    const gate = Promise.withResolvers<void>();
    let [received, pauses] = [0, 0];
    const all = receiveAll(theirs, {
      sink: async () => {},
      progress: (bytes) => void (received += bytes),
      pause: () => (pauses++ === 0 ? gate.promise : undefined),
      maxWaiting: 65_536,
    });
    ours.write(Buffer.alloc(65_536));
    await settle();
    ours.write("x");
    await settle();
    assert.equal(received, 65_536);
    gate.resolve();
    await settle();
    assert.equal(received, 65_537);
    ours.end();
    await all;
    assert.equal(pauses, 1, "small chunks need no check");
  });

  test("reports a connection that breaks during a wait for the event-loop budget", async () => {
    const [ours, theirs] = duplexPair();
    const gate = Promise.withResolvers<void>();
    const all = receiveAll(theirs, {
      sink: async () => {},
      progress: () => {},
      pause: () => gate.promise,
      maxWaiting: 65_536,
    });
    ours.write(Buffer.alloc(65_536));
    await settle();
    theirs.destroy();
    await assert.rejects(all, (error) => error instanceof EngineError && error.code === "ConnectionLost");
    gate.resolve();
    await settle();
  });

  test("reports a broken connection when the sink is idle", async () => {
    const [ours, theirs] = duplexPair();
    const sinking = Promise.withResolvers<void>();
    const all = receiveAll(theirs, {
      sink: () => sinking.promise,
      progress: () => {},
      pause,
      maxWaiting: 1000,
    });
    let failed = false;
    const watched = all.catch((error: unknown) => {
      failed = true;
      return error;
    });
    ours.write("x");
    await settle();
    theirs.destroy();
    await settle();
    assert.equal(failed, false);
    sinking.resolve();
    const failure = await watched;
    assert.ok(failure instanceof EngineError && failure.code === "ConnectionLost");
  });

  test("reports a connection that broke before the start", async () => {
    const [, theirs] = duplexPair();
    theirs.destroy();
    await settle();
    const all = receiveAll(theirs, { sink: async () => {}, progress: () => {}, pause, maxWaiting: 1000 });
    await assert.rejects(all, (error) => error instanceof EngineError && error.code === "ConnectionLost");
  });
});
