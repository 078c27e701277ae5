import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { selects } from "../../../src/plan/accounts/label-selector.ts";

describe("a label selector", () => {
  const labels = { a: "1", b: "2" };
  const cases: [selector: Parameters<typeof selects>[0], selected: boolean][] = [
    [{}, true],
    [{ matchLabels: { a: "1" } }, true],
    [{ matchLabels: { a: "1", b: "x" } }, false],
    [{ matchExpressions: [{ key: "a", operator: "In", values: ["1", "3"] }] }, true],
    [{ matchExpressions: [{ key: "c", operator: "In", values: ["1"] }] }, false],
    [{ matchExpressions: [{ key: "a", operator: "NotIn", values: ["1"] }] }, false],
    [{ matchExpressions: [{ key: "c", operator: "NotIn", values: ["1"] }] }, true],
    [{ matchExpressions: [{ key: "a", operator: "Exists" }] }, true],
    [{ matchExpressions: [{ key: "a", operator: "DoesNotExist" }] }, false],
    [{ matchExpressions: [{ key: "c", operator: "DoesNotExist" }] }, true],
    [{ matchExpressions: [{ key: "c", operator: "NotIn" }] }, false],
    [{ matchExpressions: [{ key: "c", operator: "NotIn", values: [] }] }, false],
    [{ matchExpressions: [{ key: "c", operator: "DoesNotExist", values: ["x"] }] }, false],
    [{ matchExpressions: [{ key: "constructor", operator: "Exists" }] }, false],
  ];
  for (const [selector, selected] of cases)
    test(`${JSON.stringify(selector)} ${selected ? "matches" : "does not match"} {a: 1, b: 2}`, () => {
      assert.equal(selects(selector, labels), selected);
    });
});
