import assert from "node:assert/strict";
import { describe, it } from "node:test";
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

/** How a range is cut and named; and the same once more, for what is there in any order. */
function names(whole: string, slots: number, observed: ObservedSlot[] = []): string {
  const cut = partitionRange(range(whole), slots);
  const named = assignSlots(cut, observed);
  assert.deepEqual(assignSlots(cut, observed.toReversed()), named);
  return named.map(({ name, ports }) => `${name} ${formatRange(ports)}`).join(", ");
}

describe("the names of slices", () => {
  it("go in order where nothing is there", () => {
    assert.equal(names("50000-50009", 2), "a 50000-50004, b 50005-50009");
  });

  it("stay where they are, whatever order that is", () => {
    const there = [serving("a", "50005-50009"), serving("b", "50000-50004")];
    assert.equal(names("50000-50009", 2, there), "b 50000-50004, a 50005-50009");
  });

  it("let a pod go on when the range moves and a share of it is still just the pod's", () => {
    assert.equal(names("50005-50014", 2, [serving("b", "50005-50009")]), "b 50005-50009, a 50010-50014");
  });

  it("give the free name to the share that is clear of the pod, on whichever side", () => {
    assert.equal(names("50000-50049", 2, [serving("b", "50005-50009")]), "b 50000-50024, a 50025-50049");
    assert.equal(names("50000-50049", 2, [serving("a", "50000-50004")]), "a 50000-50024, b 50025-50049");
    assert.equal(names("49990-50009", 2, [serving("a", "50000-50004")]), "b 49990-49999, a 50000-50009");
    assert.equal(names("50000-50009", 2, [serving("b", "50002-50004")]), "b 50000-50004, a 50005-50009");
  });

  it("wait for one pod rather than for two", () => {
    const there = [serving("a", "50006-50008"), serving("c", "50000-50002")];
    assert.equal(names("50000-50011", 3, there), "c 50000-50003, a 50004-50007, b 50008-50011");
  });

  it("replace a pod in its own slot where no other may start beside it", () => {
    assert.equal(names("50000-50009", 1, [serving("b", "50005-50009")]), "b 50000-50009");
  });

  it("belong to a pod that stays before one that ends, and to the next pod of a slot before its last", () => {
    const there = [ending("a", "50000-50004"), serving("b", "50000-50004")];
    assert.equal(names("50000-50009", 2, there), "b 50000-50004, a 50005-50009");
    const next = { name: "b", statefulSet: setOf("50005-50009"), pod: podOf("50000-50004", true) };
    assert.equal(names("50000-50009", 2, [next]), "a 50000-50004, b 50005-50009");
  });
});
