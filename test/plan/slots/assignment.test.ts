import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PortRange } from "../../../src/api/engine-config.ts";
import { formatRange } from "../../../src/plan/model/port-ranges.ts";
import { assignSlots, partitionRange } from "../../../src/plan/slots/assignment.ts";
import type { ObservedSlot } from "../../../src/plan/model/decision.ts";

function range(text: string): PortRange {
  const [first = 0, last = 0] = text.split("-").map(Number);
  return { first, last };
}

function setOf(ports: string, replicas = 1): NonNullable<ObservedSlot["statefulSet"]> {
  return { replicas, templateHash: "", ports: range(ports), terminating: false };
}

function podOf(ports: string, terminating = false): NonNullable<ObservedSlot["pod"]> {
  return { templateHash: "", ports: range(ports), terminating, ready: !terminating, started: true };
}

function serving(name: string, ports: string): ObservedSlot {
  return { name, statefulSet: setOf(ports), pod: podOf(ports) };
}

function ending(name: string, ports: string): ObservedSlot {
  return { name, statefulSet: setOf(ports, 0), pod: podOf(ports, true) };
}

/**
 * Returns the slices of a passive port range. Checks that the result does not depend on the order of observed slots.
 */
function names(whole: string, slots: number, observed: ObservedSlot[] = []): string {
  const cut = partitionRange(range(whole), slots);
  const named = assignSlots(cut, observed);
  assert.deepEqual(assignSlots(cut, observed.toReversed()), named);
  return named.map(({ name, ports }) => `${name} ${formatRange(ports)}`).join(", ");
}

describe("assignSlots", () => {
  test("assigns names in order to a new FtpServer", () => {
    assert.equal(names("50000-50009", 2), "a 50000-50004, b 50005-50009");
  });

  test("keeps the names of existing slots in any order", () => {
    const there = [serving("a", "50005-50009"), serving("b", "50000-50004")];
    assert.equal(names("50000-50009", 2, there), "b 50000-50004, a 50005-50009");
  });

  test("keeps a slot whose slice is unchanged when the range moves", () => {
    assert.equal(names("50005-50014", 2, [serving("b", "50005-50009")]), "b 50005-50009, a 50010-50014");
  });

  test("assigns the free name to the slice that overlaps no pod, on either side", () => {
    assert.equal(names("50000-50049", 2, [serving("b", "50005-50009")]), "b 50000-50024, a 50025-50049");
    assert.equal(names("50000-50049", 2, [serving("a", "50000-50004")]), "a 50000-50024, b 50025-50049");
    assert.equal(names("49990-50009", 2, [serving("a", "50000-50004")]), "b 49990-49999, a 50000-50009");
    assert.equal(names("50000-50009", 2, [serving("b", "50002-50004")]), "b 50000-50004, a 50005-50009");
  });

  test("prefers a slice that waits for one pod to one that waits for two", () => {
    const there = [serving("a", "50006-50008"), serving("c", "50000-50002")];
    assert.equal(names("50000-50011", 3, there), "c 50000-50003, a 50004-50007, b 50008-50011");
  });

  test("replaces a pod in its own slot when no other slot can start", () => {
    assert.equal(names("50000-50009", 1, [serving("b", "50005-50009")]), "b 50000-50009");
  });

  test("prefers a pod that stays to one that terminates, and the next pod of a slot to its last", () => {
    const there = [ending("a", "50000-50004"), serving("b", "50000-50004")];
    assert.equal(names("50000-50009", 2, there), "b 50000-50004, a 50005-50009");
    const next = { name: "b", statefulSet: setOf("50005-50009"), pod: podOf("50000-50004", true) };
    assert.equal(names("50000-50009", 2, [next]), "a 50000-50004, b 50005-50009");
  });
});
