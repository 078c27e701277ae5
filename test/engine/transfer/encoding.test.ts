import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { deflateSync, inflateSync } from "node:zlib";
import * as fc from "fast-check";
import { LARGE_BUFFER, SMALL_BUFFER, SMALLEST_BUFFER } from "../../../src/engine/transfer/buffer-budget.ts";
import { deflated } from "../../../src/engine/transfer/deflate.ts";
import { createDecoder, encode, type Encoding } from "../../../src/engine/transfer/encoding.ts";
import { EngineError } from "../../../src/engine/errors.ts";
import { settle } from "../../support/engine/world.ts";

const DEFLATE: Encoding = { ascii: false, deflateLevel: 6 };
const noPause = (): undefined => undefined;
const TEXT = Buffer.from("one\ntwo\n".repeat(20_000));

/** Yields chunks like `fileChunks`. Overwrites each chunk when the next chunk is requested. */
async function* reused(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const buffers = [Buffer.alloc(size), Buffer.alloc(size)];
  for (let at = 0, turn = 0; at < content.length; at += size, turn ^= 1) {
    const buffer = buffers[turn]!;
    buffers[turn ^ 1]!.fill(0xff);
    buffer.set(content.subarray(at, at + size));
    yield buffer.subarray(0, Math.min(size, content.length - at));
  }
}

async function encoded(content: Uint8Array, encoding: Encoding, bufferBytes = LARGE_BUFFER): Promise<Buffer> {
  const chunks = encode(reused(content, 5000), encoding, bufferBytes, noPause);
  // A chunk is valid only until the next chunk is requested.
  return Buffer.concat(await Array.fromAsync(chunks, (chunk) => Buffer.from(chunk)));
}

/** Returns the number of chunks that an encoder has requested before and after its consumer stops. */
async function requestedChunks(): Promise<[before: number, after: number]> {
  let requested = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    for (;;) {
      requested += 1;
      yield randomBytes(LARGE_BUFFER);
    }
  }
  const chunks = deflated(source(), 6, false);
  await chunks.next();
  const before = requested;
  await chunks.return(undefined);
  return [before, requested];
}

/** Returns the output of a decoder that receives each piece in a separate call. */
async function decoded(pieces: readonly Uint8Array[], encoding: Encoding = DEFLATE): Promise<Buffer> {
  const out: Uint8Array[] = [];
  const decoder = createDecoder(
    encoding,
    async (chunks) => void out.push(...chunks.map((chunk) => Buffer.from(chunk))),
    LARGE_BUFFER,
    noPause,
  );
  for (const piece of pieces) await decoder.write([piece]);
  await decoder.finish();
  return Buffer.concat(out);
}

const invalid = (call: Promise<unknown>): Promise<void> =>
  assert.rejects(call, (error) => {
    assert.ok(error instanceof EngineError);
    return error.code === "InvalidData";
  });

describe("encode", () => {
  for (const [level, smallest] of [
    [0, TEXT.length],
    [1, 100],
    [9, 100],
  ] as const) {
    test(`MODE Z at level ${level} produces a valid zlib stream`, async () => {
      const wire = await encoded(TEXT, { ascii: false, deflateLevel: level });
      assert.ok(inflateSync(wire).equals(TEXT));
      assert.ok(wire.length >= smallest && (level === 0 || wire.length < TEXT.length / 50));
    });
  }

  test("compresses random bytes with small windows", async () => {
    const content = randomBytes(300_000);
    assert.ok(inflateSync(await encoded(content, DEFLATE, SMALLEST_BUFFER)).equals(content));
    assert.ok((await encoded(TEXT, DEFLATE, SMALLEST_BUFFER)).length < TEXT.length / 50);
  });

  test("stores incompressible chunks and compresses others, in any order", async () => {
    const noise = randomBytes(200_000);
    const content = Buffer.concat([noise, TEXT, noise, TEXT, TEXT, noise]);
    const wire = await encoded(content, { ascii: false, deflateLevel: 9 });
    assert.ok(inflateSync(wire).equals(content));
    assert.ok(wire.length < 3 * noise.length + 30_000, `${wire.length} bytes`);
  });

  test("needs little time for incompressible data", async () => {
    const noise = randomBytes(20_000_000);
    // Measures CPU time, because other load on the machine does not affect it.
    const start = process.cpuUsage();
    deflateSync(noise);
    const compressing = process.cpuUsage(start).user;
    const between = process.cpuUsage();
    for await (const chunk of encode(reused(noise, LARGE_BUFFER), DEFLATE, LARGE_BUFFER, noPause)) void chunk;
    const storing = process.cpuUsage(between).user;
    assert.ok(storing < compressing / 2, `${storing} us instead of ${compressing}`);
  });

  test("produces a valid stream for empty input", async () =>
    assert.equal(inflateSync(await encoded(Buffer.alloc(0), DEFLATE)).length, 0));

  test("converts line ends before compression", async () => {
    const wire = await encoded(Buffer.from("a\nb\n"), { ascii: true, deflateLevel: 6 });
    assert.equal(inflateSync(wire).toString(), "a\r\nb\r\n");
  });

  test("rejects with an error of the file", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield TEXT;
      throw new EngineError("NoSpace", "as an example");
    }
    await assert.rejects(Array.fromAsync(encode(broken(), DEFLATE, LARGE_BUFFER, noPause)), /as an example/u);
  });

  test("stops all work when the consumer stops early", async () => {
    let ended = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          yield randomBytes(100_000);
          yield TEXT;
        }
      } finally {
        ended = true;
      }
    }
    for await (const chunk of encode(endless(), DEFLATE, LARGE_BUFFER, noPause)) if (chunk.length > 0) break;
    assert.equal(ended, true);
  });
});

describe("deflated", () => {
  // The source frees a chunk when the next chunk is requested, but zlib can still read it on another thread.
  test("requests no chunk after its consumer has stopped during a chunk", async () => {
    assert.deepEqual(await requestedChunks(), [1, 1]);
  });
});

describe("createDecoder", () => {
  test("decodes chunks of any size", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 5000 }),
        fc.integer({ min: 1, max: 400 }),
        async (content, size) => {
          const wire = await encoded(content, DEFLATE);
          const pieces = Array.from({ length: Math.ceil(wire.length / size) }, (_, index) =>
            wire.subarray(index * size, (index + 1) * size),
          );
          assert.ok((await decoded(pieces)).equals(content));
        },
      ),
      { numRuns: 50 },
    );
  });

  for (const encoding of [
    { ascii: true, deflateLevel: 6 },
    { ascii: true, deflateLevel: undefined },
  ]) {
    test(`TYPE A, ${JSON.stringify(encoding)}: converts to LF and keeps a CR at the end`, async () => {
      const wire = Buffer.from("a\r\nb\rc\r");
      const pieces = [encoding.deflateLevel === undefined ? wire : deflateSync(wire)];
      assert.equal((await decoded(pieces, encoding)).toString(), "a\nb\rc\r");
    });
  }

  const good = deflateSync(TEXT);
  for (const [what, pieces] of [
    ["no byte at all", []],
    ["the end missing", [good.subarray(0, -1)]],
    ["half of it missing", [good.subarray(0, good.length / 2)]],
    ["bytes behind the end, in the same piece", [Buffer.concat([good, Buffer.from("x")])]],
    ["bytes behind the end, in a piece of their own", [good, Buffer.from("x")]],
    ["two streams", [good, good]],
    ["no zlib stream", [Buffer.from("plain text, as MODE S has it")]],
    ["a wrong checksum", [Buffer.concat([good.subarray(0, -1), Buffer.from([good.at(-1)! ^ 1])])]],
  ] as const) {
    test(`rejects ${what}`, () => invalid(decoded(pieces)));
  }

  // id: conversion-limits-4
  test("decompresses only as fast as the sink stores", async () => {
    const bomb = deflateSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 });
    let taken = 0;
    const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const sink = async (chunks: readonly Uint8Array[]): Promise<void> => {
      for (const chunk of chunks) taken += chunk.length;
      begun.resolve();
      await gate.promise;
    };
    const decoder = createDecoder(DEFLATE, sink, LARGE_BUFFER, noPause);
    const before = process.memoryUsage().rss;
    const writing = decoder.write([bomb]);
    await begun.promise;
    for (let turn = 0; turn < 20; turn++) await settle();
    assert.ok(taken < 200_000, `${taken} bytes taken`);
    assert.ok(process.memoryUsage().rss - before < 20_000_000, "and nothing else was unpacked");
    gate.resolve();
    await writing;
    await decoder.finish();
    assert.equal(taken, 200 * 1024 * 1024);
  });

  test("rejects with an error of the sink", async () => {
    const noSpace = new EngineError("NoSpace", "No space left");
    const decoder = createDecoder(DEFLATE, () => Promise.reject(noSpace), LARGE_BUFFER, noPause);
    const all = async (): Promise<void> => {
      await decoder.write([deflateSync(randomBytes(1_000_000))]);
      await decoder.finish();
    };
    await assert.rejects(all(), noSpace);
    await decoder.stop();
  });

  test("waits in stop until the sink is idle", async () => {
    const gate = Promise.withResolvers<void>();
    let idle = true;
    const sink = async (): Promise<void> => {
      idle = false;
      await gate.promise;
      idle = true;
    };
    const decoder = createDecoder(DEFLATE, sink, LARGE_BUFFER, noPause);
    const writing = decoder.write([deflateSync(randomBytes(1_000_000))]).catch(() => {});
    await settle();
    setTimeout(gate.resolve, 20);
    await decoder.stop();
    assert.equal(idle, true);
    await writing;
  });

  // id: conversion-limits-3
  test("pauses at least once for each 64 KiB of lines in both directions", async () => {
    const lines: Encoding = { ascii: true, deflateLevel: undefined };
    const chunk = Buffer.alloc(LARGE_BUFFER, "\n");
    let pauses = 0;
    const pause = async (): Promise<void> => void pauses++;
    for await (const piece of encode(reused(chunk, LARGE_BUFFER), lines, LARGE_BUFFER, pause)) void piece;
    assert.ok(pauses >= LARGE_BUFFER / SMALL_BUFFER, `${pauses} going out`);
    pauses = 0;
    await createDecoder(lines, async () => {}, LARGE_BUFFER, pause).write([chunk]);
    assert.ok(pauses >= LARGE_BUFFER / SMALL_BUFFER, `${pauses} coming in`);
  });

  test("releases the memory of decompressed bytes when they are stored", async () => {
    const bomb = deflateSync(Buffer.alloc(20 * 1024 * 1024), { level: 9 });
    const buffers: ArrayBuffer[] = [];
    let most = 0;
    const sink = async (chunks: readonly Uint8Array[]): Promise<void> => {
      for (const { buffer } of chunks) if (buffer instanceof ArrayBuffer) buffers.push(buffer);
      most = Math.max(most, new Set(buffers.filter(({ detached }) => !detached)).size);
    };
    const decoder = createDecoder(DEFLATE, sink, LARGE_BUFFER, noPause);
    await decoder.write([bomb]);
    await decoder.finish();
    assert.ok(buffers.length >= 20 * 16, `${buffers.length} chunks`);
    assert.ok(most <= 2, `${most} buffers at once`);
  });
});
