import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { MAX_SLOTS } from "../../../src/api/names.ts";
import { formatRange, mergeRanges, portCount, portsOf } from "../../../src/plan/model/port-ranges.ts";
import { partitionRange } from "../../../src/plan/slots/assignment.ts";

const range = fc
  .tuple(fc.integer({ min: 1024, max: 64000 }), fc.integer({ min: 1, max: 1000 }))
  .map(([first, size]) => ({ first, last: first + size - 1 }));

describe("partitionRange", () => {
  test("splits ten ports for one replica into two halves", () => {
    const shares = partitionRange({ first: 50000, last: 50009 }, 2);
    assert.deepEqual(shares.map(formatRange), ["50000-50004", "50005-50009"]);
  });

  test("assigns every port to one slice, with sizes that differ by at most one", () => {
    fc.assert(
      fc.property(range, fc.integer({ min: 1, max: MAX_SLOTS }), (whole, count) => {
        fc.pre(portCount(whole) >= count);
        const shares = partitionRange(whole, count);
        assert.equal(shares.length, count);
        assert.deepEqual(shares.flatMap(portsOf), portsOf(whole));
        const sizes = shares.map(portCount);
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
      }),
    );
  });
});

describe("mergeRanges", () => {
  test("returns exactly the ports of its ranges, in order and separate", () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 5 }), (ranges) => {
        const merged = mergeRanges(ranges);
        const expected = [...new Set(ranges.flatMap(portsOf))].toSorted((a, b) => a - b);
        assert.deepEqual(merged.flatMap(portsOf), expected);
        merged.slice(1).forEach(({ first }, index) => assert.ok(first > (merged[index]?.last ?? 0) + 1));
      }),
    );
  });

  test("omits empty ranges", () => {
    assert.deepEqual(
      mergeRanges([
        { first: 1, last: 0 },
        { first: 5, last: 5 },
      ]),
      [{ first: 5, last: 5 }],
    );
  });
});
