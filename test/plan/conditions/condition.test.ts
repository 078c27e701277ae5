import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Condition } from "../../../src/api/kubernetes.ts";
import { toConditions } from "../../../src/plan/conditions/condition.ts";

describe("toConditions", () => {
  test("keeps the value of a condition that is not evaluated", () => {
    const old: Condition[] = [
      {
        type: "Available",
        status: "True",
        reason: "R",
        message: "m",
        observedGeneration: 3,
        lastTransitionTime: "then",
      },
    ];
    const conditions = toConditions({}, old, 4, "now");
    assert.deepEqual(
      conditions.find(({ type }) => type === "Available"),
      old[0],
    );
    assert.equal(conditions.find(({ type }) => type === "Ready")?.status, "Unknown");
  });
});
