import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FtpServerStatus } from "../../src/api/ftpserver.generated.ts";
import type { ConditionType, ConditionValue } from "../../src/plan/conditions/condition.ts";
import { planEvents } from "../../src/plan/events.ts";

type Findings = Partial<Record<ConditionType, ConditionValue>>;

function statusOf(type: string, { status, reason, message }: ConditionValue): FtpServerStatus {
  return {
    conditions: [{ type, status, reason, message, observedGeneration: 1, lastTransitionTime: "then" }],
  };
}

function reasons(
  before: FtpServerStatus | undefined,
  after: FtpServerStatus,
  findings: Findings = {},
): string[] {
  return planEvents(before, after, findings).map(({ type, reason }) => `${type} ${reason}`);
}

const GOOD: ConditionValue = { status: "True", reason: "Good", message: "all is well" };
const BAD: ConditionValue = { status: "False", reason: "Bad", message: "mend it", warn: true };
const WAITING: ConditionValue = { status: "False", reason: "Waiting", message: "soon" };

function slot(state: "Starting" | "Serving" | "Draining" | "Free"): FtpServerStatus {
  return { slots: [{ name: "a", passivePorts: { first: 50000, last: 50004 }, state }] };
}

describe("planEvents", () => {
  const cases: [what: string, before: ConditionValue | undefined, now: ConditionValue, expected: string[]][] =
    [
      ["what is fine at first sight is no news", undefined, GOOD, []],
      ["what is wrong at first sight is", undefined, BAD, ["Warning Bad"]],
      ["nothing has changed", BAD, BAD, []],
      ["the same trouble, but with another", BAD, { ...BAD, message: "mend that too" }, ["Warning Bad"]],
      ["it got better", BAD, GOOD, ["Normal Good"]],
      ["it got worse", GOOD, BAD, ["Warning Bad"]],
      ["it takes its time", GOOD, WAITING, []],
      ["it is fine for another reason", GOOD, { ...GOOD, reason: "Better" }, []],
    ];
  for (const [what, before, now, expected] of cases) {
    it(`${expected.join(", ") || "nothing"}: ${what}`, () => {
      const old = before === undefined ? undefined : statusOf("UsersReady", before);
      assert.deepEqual(reasons(old, {}, { UsersReady: now }), expected);
    });
  }

  it("tells of slots that come and go, once", () => {
    assert.deepEqual(reasons(undefined, slot("Starting")), []);
    assert.deepEqual(reasons(slot("Starting"), slot("Serving")), ["Normal SlotServing"]);
    assert.deepEqual(reasons(slot("Serving"), slot("Serving")), []);
    assert.deepEqual(reasons(slot("Serving"), slot("Draining")), ["Normal SlotDraining"]);
    assert.deepEqual(reasons(slot("Draining"), slot("Free")), []);
  });

  it("tells of another address, and not of the first one", () => {
    const at = (value: string): FtpServerStatus => ({ addresses: [{ type: "IPAddress", value }] });
    assert.deepEqual(reasons({}, at("192.0.2.1")), []);
    assert.deepEqual(reasons(at("192.0.2.1"), at("192.0.2.2")), ["Normal AddressChanged"]);
    assert.deepEqual(reasons(at("192.0.2.1"), {}), []);
  });

  it("says the same only once, in no more than Kubernetes takes", () => {
    for (const prefix of ["", "x", "xx"]) {
      const long = { ...BAD, message: prefix + "é".repeat(5000) };
      const [event, ...others] = planEvents(undefined, {}, { Stalled: long, PassivePortsPublished: long });
      assert.deepEqual(others, []);
      assert.match(event?.message ?? "", /^x*é+…$/);
      assert.ok([1023, 1024].includes(Buffer.byteLength(event?.message ?? "")));
    }
  });
});
