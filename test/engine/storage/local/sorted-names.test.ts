import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { SORTED_ENTRIES, sortedNames } from "../../../../src/engine/storage/local/listing/sorted-names.ts";
import type { Sorting } from "../../../../src/engine/storage/storage.ts";

const freely: Sorting = { mayKeep: () => true, pause: () => undefined };

async function* inBatches(names: readonly string[], count: number): AsyncGenerator<string[]> {
  for (let start = 0; start < names.length; start += count) yield names.slice(start, start + count);
}

/** Returns `count` different names in random order. */
function shuffled(count: number, prefix = ""): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${(index * 7919) % count}`);
}

describe("sortedNames", () => {
  test("yields any names in the order of their character codes, in batches of at most the given size", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "grapheme" }), { maxLength: 200 }),
        fc.integer({ min: 1, max: 50 }),
        async (names, count) => {
          const batches = await Array.fromAsync(sortedNames(inBatches(names, count), count, freely));
          assert.ok(batches.every(({ length }) => length <= count));
          // oxlint-disable-next-line require-array-sort-compare -- the default order is by character codes
          assert.deepEqual(batches.flat(), names.toSorted());
        },
      ),
    );
  });

  test("sorts up to SORTED_ENTRIES names, and keeps the order of the directory for more", async () => {
    const names = shuffled(SORTED_ENTRIES);
    const sorted = (await Array.fromAsync(sortedNames(inBatches(names, 128), 128, freely))).flat();
    // oxlint-disable-next-line require-array-sort-compare -- the default order is by character codes
    assert.deepEqual(sorted, names.toSorted());
    const more = [...names, "one more"];
    assert.deepEqual((await Array.fromAsync(sortedNames(inBatches(more, 128), 128, freely))).flat(), more);
  });

  // id: listing-limits-3
  test("claims memory for the names, and keeps the order of the directory when a claim is rejected", async () => {
    const names = shuffled(1000, "x".repeat(100));
    let claimed = 0;
    const mayKeep = (bytes: number): boolean => {
      claimed += bytes;
      return claimed < 50_000;
    };
    const given = await Array.fromAsync(sortedNames(inBatches(names, 100), 100, { ...freely, mayKeep }));
    assert.deepEqual(given.flat(), names);
    assert.ok(claimed >= 50_000 && claimed < 100_000, String(claimed));
  });

  test("sorts one batch without a claim", async () => {
    const sorting = { ...freely, mayKeep: () => false };
    assert.deepEqual((await Array.fromAsync(sortedNames(inBatches(["b", "a"], 2), 2, sorting))).flat(), [
      "a",
      "b",
    ]);
  });

  // id: listing-limits-4
  test("pauses between its steps, including those of the sort", async () => {
    let pauses = 0;
    let pausesBefore = Infinity;
    const pause = async (): Promise<void> => void pauses++;
    async function* names(): AsyncGenerator<string[]> {
      yield* inBatches(shuffled(SORTED_ENTRIES), 128);
      pausesBefore = pauses;
    }
    for await (const some of sortedNames(names(), 128, { ...freely, pause })) if (some.length > 0) break;
    assert.ok(pausesBefore >= 78, `${pausesBefore} while it reads`);
    // Every batch is sorted, and every pair of sorted runs is merged.
    assert.ok(pauses - pausesBefore >= 2 * 78, `${pauses} in all`);
  });
});
