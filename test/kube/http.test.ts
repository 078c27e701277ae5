import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { readLines, ServerClock } from "../../src/kube/http.ts";

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (const size of sizes) {
    yield bytes.subarray(offset, offset + size);
    offset += size;
  }
  yield bytes.subarray(offset);
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string[]> {
  return Array.fromAsync(readLines(chunks));
}

describe("readLines", () => {
  test("yields the same lines for all chunk boundaries", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.json({ stringUnit: "binary" }), { maxLength: 8 }),
        fc.array(fc.nat(20), { maxLength: 40 }),
        async (lines, sizes) => {
          const normalized = lines.map((line) => JSON.stringify(JSON.parse(line)));
          const bytes = Buffer.from(normalized.map((line) => `${line}\n`).join(""));
          assert.deepEqual(
            await collect(chunksOf(bytes, sizes)),
            Buffer.from(normalized.join("\n")).toString().split("\n").filter(Boolean),
          );
        },
      ),
    );
  });

  test("decodes multibyte characters that arrive one byte at a time", async () => {
    const bytes = Buffer.from('{"a":"é€😀"}\n\n{"b":2}\n');
    const sizes = Array.from(bytes, () => 1);
    assert.deepEqual(await collect(chunksOf(bytes, sizes)), ['{"a":"é€😀"}', '{"b":2}']);
  });

  test("drops a last line without a line end", async () => {
    assert.deepEqual(await collect(chunksOf(Buffer.from('{"a":1}\n{"b":'), [])), ['{"a":1}']);
  });

  test("rejects an endless line before it exhausts the memory", async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (const chunk = Buffer.alloc(1024 * 1024, "x"); ; sent++) yield chunk;
    }
    await assert.rejects(collect(endless()), RangeError);
    assert.ok(sent <= 17, `${sent} MiB were read`);
  });
});

const HOUR_MILLISECONDS = 3_600_000;
const dateIn = (milliseconds: number): string => new Date(Date.now() + milliseconds).toUTCString();

function assertAhead(clock: ServerClock, milliseconds: number): void {
  const difference = clock.now().getTime() - Date.now() - milliseconds;
  assert.ok(Math.abs(difference) < 2000, `${difference} ms`);
}

describe("ServerClock", () => {
  test("equals the local clock before a response and while the difference is below 30 seconds", () => {
    const clock = new ServerClock();
    assertAhead(clock, 0);
    clock.update(dateIn(20_000));
    assertAhead(clock, 0);
    assert.equal(clock.errorSeconds, 0);
  });

  for (const hours of [1, -1]) {
    test(`follows a server that is ${hours} h ahead, and returns when the difference ends`, () => {
      const clock = new ServerClock();
      clock.update(dateIn(hours * HOUR_MILLISECONDS));
      assertAhead(clock, hours * HOUR_MILLISECONDS);
      assert.ok(Math.abs(clock.errorSeconds + hours * 3600) <= 2, String(clock.errorSeconds));
      clock.update(dateIn(0));
      assertAhead(clock, 0);
    });
  }

  test("keeps the difference when a response has no valid date", () => {
    const clock = new ServerClock();
    clock.update(dateIn(HOUR_MILLISECONDS));
    for (const invalid of [undefined, "", "yesterday"]) clock.update(invalid);
    assertAhead(clock, HOUR_MILLISECONDS);
  });
});
