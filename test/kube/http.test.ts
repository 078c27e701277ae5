import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { readLines } from "../../src/kube/http.ts";

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string[]> {
  return Array.fromAsync(readLines(chunks));
}

test("lines are the same wherever the stream is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.json({ stringUnit: "binary" }), { maxLength: 8 }),
      fc.array(fc.nat(20), { maxLength: 40 }),
      async (lines, sizes) => {
        const whole = lines.map((line) => JSON.stringify(JSON.parse(line)));
        const bytes = Buffer.from(whole.map((line) => `${line}\n`).join(""));
        assert.deepEqual(
          await collect(chunksOf(bytes, sizes)),
          Buffer.from(whole.join("\n")).toString().split("\n").filter(Boolean),
        );
      },
    ),
  );
});

test("characters of several bytes survive one byte at a time", async () => {
  const bytes = Buffer.from('{"a":"é€😀"}\n\n{"b":2}\n');
  assert.deepEqual(
    await collect(
      chunksOf(
        bytes,
        Array.from(bytes, () => 1),
      ),
    ),
    ['{"a":"é€😀"}', '{"b":2}'],
  );
});

test("a last line without an end is dropped", async () => {
  assert.deepEqual(await collect(chunksOf(Buffer.from('{"a":1}\n{"b":'), [])), ['{"a":1}']);
});

test("a line without end is refused before it fills the memory", async () => {
  let sent = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (const chunk = Buffer.alloc(1024 * 1024, "x"); ; sent++) yield chunk;
  }
  await assert.rejects(collect(endless()), RangeError);
  assert.ok(sent <= 17, `${sent} MiB were read`);
});
