import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { matchesGlob } from "../../../src/engine/protocol/glob.ts";

describe("matchesGlob", () => {
  for (const [pattern, name, expected] of [
    ["*", "a", true],
    ["*", ".hidden", false],
    [".*", ".hidden", true],
    ["*.txt", "a.txt", true],
    ["*.txt", "a.txt.gz", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a*b*c", "a-bb-c", true],
    ["a*", "a", true],
    ["", "a", false],
  ] as const) {
    test(`compares the pattern ${pattern} with ${name}`, () =>
      assert.equal(matchesGlob(pattern, name), expected));
  }

  test("returns the same result as a regular expression", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?") });
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b") }), (pattern, name) => {
        const regular = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`, "u");
        assert.equal(matchesGlob(pattern, name), regular.test(name));
      }),
    );
  });

  // id: glob-cost
  test("rejects a pattern of a thousand stars quickly (openwall 2017/04/24/3)", { timeout: 5000 }, () => {
    assert.equal(matchesGlob(`${"a*".repeat(1000)}b`, "a".repeat(4000)), false);
  });
});
