import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { describe, test } from "node:test";
import { entryOf } from "../../../../src/engine/storage/local/listing/entries.ts";

describe("a modification time", () => {
  // id: extreme-file-times-2
  for (const [seconds, shown] of [
    [9_000_000_000_000, "9999-12-31T23:59:59.000Z"],
    [2 ** 63, "9999-12-31T23:59:59.000Z"],
    [253_402_300_800, "9999-12-31T23:59:59.000Z"],
    [253_402_300_799, "9999-12-31T23:59:59.000Z"],
    [0, "1970-01-01T00:00:00.000Z"],
    [-1, "1969-12-31T23:59:59.000Z"],
    [-1.5, "1969-12-31T23:59:58.500Z"],
    [-62_167_219_200, "0000-01-01T00:00:00.000Z"],
    [-62_167_219_201, "0000-01-01T00:00:00.000Z"],
    [-(2 ** 63), "0000-01-01T00:00:00.000Z"],
  ] as const)
    test(`of ${seconds} seconds is shown as ${shown}`, () => {
      const stats = Object.assign(statSync(import.meta.filename), { mtimeMs: seconds * 1000 });
      assert.equal(entryOf("f", stats)?.modified.toISOString(), shown);
    });
});
