import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAge, formatBytes, listText } from "../../src/common/text.ts";

test("formatBytes and formatAge use the largest fitting unit", () => {
  assert.deepEqual([0, 1023, 1024, 5_000_000, 3 * 2 ** 40].map(formatBytes), [
    "0 B",
    "1023 B",
    "1.0 KiB",
    "4.8 MiB",
    "3.0 TiB",
  ]);
  assert.deepEqual([-1, 119.9, 120, 7199, 7200, 172_800].map(formatAge), [
    "0s",
    "119s",
    "2m",
    "119m",
    "2h",
    "2d",
  ]);
});

test("listText joins the last two items with a conjunction", () => {
  assert.deepEqual([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listText), [
    "",
    "a",
    "a and b",
    "a, b and c",
  ]);
});
