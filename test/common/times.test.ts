import assert from "node:assert/strict";
import { test } from "node:test";
import { microTime } from "../../src/common/times.ts";

test("microTime returns six fractional digits", () => {
  assert.equal(microTime(new Date(1_700_000_000_123)), "2023-11-14T22:13:20.123000Z");
});
