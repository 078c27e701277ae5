import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PART_CONDITIONS } from "../../../src/plan/conditions/condition.ts";
import type { ConditionValue, PartValues } from "../../../src/plan/conditions/condition.ts";
import type { Reason } from "../../../src/plan/conditions/reasons.ts";
import { summarize } from "../../../src/plan/conditions/summary.ts";

function failed(reason: Reason): ConditionValue {
  return { status: "False", reason, message: `${reason}.` };
}

describe("summarize", () => {
  const good: ConditionValue = { status: "True", reason: "Published", message: "good" };
  const parts = (patch: Partial<PartValues>): PartValues => ({
    Progressing: { status: "False", reason: "Complete", message: "" },
    StorageReady: good,
    UsersReady: good,
    TLSReady: good,
    Available: good,
    PassivePortsPublished: good,
    AddressAssigned: good,
    ...patch,
  });

  test("is Ready only when every part is True, for every combination", () => {
    const values = ["True", "False", "Unknown"] as const;
    for (let code = 0; code < values.length ** PART_CONDITIONS.length; code += 1) {
      const chosen = PART_CONDITIONS.map(
        (_, index) => values[Math.floor(code / values.length ** index) % values.length],
      );
      const patch = Object.fromEntries(
        PART_CONDITIONS.map((type, index) => [type, { ...good, status: chosen[index] ?? "Unknown" }]),
      );
      const { Ready, Reconciling, Stalled } = summarize(parts(patch), undefined);
      const expected = chosen.includes("False") ? "False" : chosen.includes("Unknown") ? "Unknown" : "True";
      assert.equal(Ready.status, expected);
      assert.equal(Reconciling.status, expected === "True" ? "False" : "True");
      assert.equal(Stalled.status, "False");
    }
  });

  test("has the messages of all failed parts and the reason of the first", () => {
    const { Ready } = summarize(
      parts({ AddressAssigned: failed("LoadBalancerPending"), StorageReady: failed("ClaimLost") }),
      undefined,
    );
    assert.deepEqual([Ready.reason, Ready.message], ["ClaimLost", "ClaimLost. LoadBalancerPending."]);
  });

  test("is Stalled, and neither Ready nor Reconciling, with a blocker", () => {
    const { Ready, Reconciling, Stalled } = summarize(parts({}), { reason: "NameTaken", message: "m" });
    assert.deepEqual([Ready.status, Reconciling.status, Stalled.status], ["False", "False", "True"]);
  });
});
