/** Tests which slots serve while a new passive port range or replica count changes the port slices. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { PortRange } from "../../../src/api/engine-config.ts";
import { formatRange, overlaps } from "../../../src/plan/model/port-ranges.ts";
import { readyCount, SimulatedSlots, desiredOf } from "../../support/plan/slots.ts";
import type { Spec } from "../../support/plan/slots.ts";

function specOf(range: PortRange, replicas: number): Spec {
  return { replicas, range, version: 1, strategy: "Surge" };
}

/** Returns slots, all of which serve except the slot `free`. */
function serving(spec: Spec, free: string): SimulatedSlots {
  const simulation = new SimulatedSlots();
  for (const { name, templateHash, ports } of desiredOf(spec).slots) {
    if (name === free) continue;
    const statefulSet = { replicas: 1, templateHash, ports, terminating: false };
    const pod = { templateHash, ports, terminating: false, ready: true, started: true };
    simulation.slots.set(name, { name, statefulSet, pod });
  }
  return simulation;
}

/** Returns the minimum number of ready pods during a change. */
function fewest(simulation: SimulatedSlots, desired: Spec): number {
  let low = readyCount(simulation);
  for (let before = ""; JSON.stringify(simulation.observe()) !== before; ) {
    before = JSON.stringify(simulation.observe());
    simulation.reconcile(desired);
    simulation.control();
    low = Math.min(low, readyCount(simulation));
    simulation.setReady(true);
    simulation.endDrains();
  }
  return low;
}

/**
 * Checks that a change reduces the number of serving pods by at most one. If a new slice overlaps no pod, the number
 * must not decrease.
 */
function assertServes(simulation: SimulatedSlots, desired: Spec): void {
  const before = simulation.pods();
  const what = `${before.map(({ name, ports }) => `${name} ${formatRange(ports)}`).join(", ")} to ${desired.replicas} of ${formatRange(desired.range)}`;
  const isClear = desiredOf(desired).slots.some((slot) =>
    before.every(({ ports }) => !overlaps(ports, slot.ports)),
  );
  const least = Math.min(before.length, desired.replicas) - (isClear ? 0 : 1);
  const low = fewest(simulation, desired);
  assert.ok(low >= least, `${what}: ${low} instead of ${least}`);
  assert.equal(readyCount(simulation), desired.replicas, what);
}

/**
 * Returns one spec for each passive port range that is within the same eight ports and is large enough for the
 * replicas.
 */
function shortSpecs(replicas: number): Spec[] {
  const ports = Array.from({ length: 8 }, (_, index) => 50_000 + index);
  return ports.flatMap((first) =>
    ports.filter((last) => last - first >= replicas).map((last) => specOf({ first, last }, replicas)),
  );
}

for (const replicas of [1, 2, 3])
  test(`a change from ${replicas} replicas in any short range to up to three in another keeps slots serving, whichever slot is free`, () => {
    const desired = [1, 2, 3].flatMap(shortSpecs);
    for (const spec of shortSpecs(replicas))
      for (const { name } of desiredOf(spec).slots)
        for (const next of desired) assertServes(serving(spec, name), next);
  });

const numbers = [1, 2, 3, 4, 5, 6];
for (const before of numbers)
  test(`a change from ${before} to another number of replicas keeps slots serving, whichever slot is free`, () => {
    const range = { first: 50_000, last: 50_099 };
    for (const after of numbers.filter((number) => number !== before))
      for (const { name } of desiredOf(specOf(range, before)).slots) {
        const low = fewest(serving(specOf(range, before), name), specOf(range, after));
        const least = Math.max(1, Math.min(before, after) - 1);
        assert.ok(low >= least, `to ${after}, slot ${name} free: ${low} instead of ${least}`);
      }
  });

test("a change of the range keeps slots serving after any earlier changes", () => {
  const cut = fc
    .record({ replicas: fc.integer({ min: 1, max: 4 }), offset: fc.nat(12), more: fc.nat(12) })
    .map(({ replicas, offset, more }) => {
      const first = 50_000 + offset;
      return specOf({ first, last: first + replicas + more }, replicas);
    });
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 8 }), (specs) => {
      const simulation = new SimulatedSlots();
      for (const spec of specs) assertServes(simulation, spec);
    }),
    { numRuns: 1000 },
  );
});
