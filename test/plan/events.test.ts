import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FtpServerStatus } from "../../src/api/ftpserver.generated.ts";
import {
  CONDITION_TYPES,
  type ConditionValue,
  type ConditionValues,
} from "../../src/plan/conditions/condition.ts";
import { planEvents } from "../../src/plan/events.ts";

function statusOf(type: string, { status, reason, message }: ConditionValue): FtpServerStatus {
  return {
    conditions: [{ type, status, reason, message, observedGeneration: 1, lastTransitionTime: "then" }],
  };
}

function reasons(
  before: FtpServerStatus | undefined,
  after: FtpServerStatus,
  values: Partial<ConditionValues> = {},
): string[] {
  return planEvents(before, after, values).map(({ type, reason }) => `${type} ${reason}`);
}

const GOOD: ConditionValue = { status: "True", reason: "PasswordsRead", message: "All users can log in." };
const BAD: ConditionValue = {
  status: "False",
  reason: "SecretNotFound",
  message: "Secret a not found.",
  warn: true,
};
const WAITING: ConditionValue = { status: "False", reason: "PasswordNotRead", message: "Not read yet." };

function slot(state: "Starting" | "Serving" | "Draining" | "Free"): FtpServerStatus {
  return { slots: [{ name: "a", passivePorts: { first: 50000, last: 50004 }, state }] };
}

describe("planEvents", () => {
  const cases: [what: string, before: ConditionValue | undefined, now: ConditionValue, expected: string[]][] =
    [
      ["the first value is True", undefined, GOOD, []],
      ["the first value is a warning", undefined, BAD, ["Warning SecretNotFound"]],
      ["the value is unchanged", BAD, BAD, []],
      [
        "the message of a warning changed",
        BAD,
        { ...BAD, message: "Secret b not found." },
        ["Warning SecretNotFound"],
      ],
      ["the status became True", BAD, GOOD, ["Normal PasswordsRead"]],
      ["the status became False", GOOD, BAD, ["Warning SecretNotFound"]],
      ["the status became False without a warning", GOOD, WAITING, []],
      ["the reason changed and the status is still True", GOOD, { ...GOOD, reason: "AccountDisabled" }, []],
    ];
  for (const [what, before, now, expected] of cases) {
    test(`${expected.join(", ") || "nothing"}: ${what}`, () => {
      const old = before === undefined ? undefined : statusOf("UsersReady", before);
      assert.deepEqual(reasons(old, {}, { UsersReady: now }), expected);
    });
  }

  test("reports a failure of every condition except Reconciling, which repeats other reasons", () => {
    const silent = CONDITION_TYPES.filter((type) => reasons(undefined, {}, { [type]: BAD }).length === 0);
    assert.deepEqual(silent, ["Reconciling"]);
  });

  test("reports each slot once when it starts to serve and to drain", () => {
    assert.deepEqual(reasons(undefined, slot("Starting")), []);
    assert.deepEqual(reasons(slot("Starting"), slot("Serving")), ["Normal SlotServing"]);
    assert.deepEqual(reasons(slot("Serving"), slot("Serving")), []);
    assert.deepEqual(reasons(slot("Serving"), slot("Draining")), ["Normal SlotDraining"]);
    assert.deepEqual(reasons(slot("Draining"), slot("Free")), []);
  });

  test("reports that a draining slot accepts new sessions during the handover", () => {
    const [event] = planEvents(slot("Serving"), slot("Draining"), {});
    assert.equal(
      event?.message,
      "Slot a with passive ports 50000-50004 accepts no new sessions after `spec.rollout.handOverSeconds`. " +
        "Its pod terminates after its last session, at the latest after another `spec.rollout.drainPeriodSeconds`.",
    );
  });

  test("reports a changed address, but not the first one", () => {
    const at = (value: string): FtpServerStatus => ({ addresses: [{ type: "IPAddress", value }] });
    assert.deepEqual(reasons({}, at("192.0.2.1")), []);
    assert.deepEqual(reasons(at("192.0.2.1"), at("192.0.2.2")), ["Normal AddressChanged"]);
    assert.deepEqual(reasons(at("192.0.2.1"), {}), []);
  });

  test("reports the same message once and shortens it to the limit of Kubernetes", () => {
    for (const prefix of ["", "x", "xx"]) {
      const long = { ...BAD, message: prefix + "é".repeat(5000) };
      const [event, ...others] = planEvents(undefined, {}, { Stalled: long, PassivePortsPublished: long });
      assert.deepEqual(others, []);
      assert.match(event?.message ?? "", /^x*é+…$/);
      assert.ok([1023, 1024].includes(Buffer.byteLength(event?.message ?? "")));
    }
  });
});
