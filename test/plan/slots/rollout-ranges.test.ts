/** Who serves while the passive range is cut anew, for another range or another number of replicas. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { PortRange } from "../../../src/api/engine-config.ts";
import { formatRange, overlaps } from "../../../src/plan/model/port-ranges.ts";
import { readyCount, SimulatedSlots, wishOf } from "../../support/plan/slots.ts";
import type { Spec } from "../../support/plan/slots.ts";

function specOf(range: PortRange, replicas: number): Spec {
  return { replicas, range, version: 1, strategy: "Surge" };
}

/** Every slot of a cut serves, but for the one that is named. */
function serving(spec: Spec, free: string): SimulatedSlots {
  const world = new SimulatedSlots();
  for (const { name, templateHash, ports } of wishOf(spec).slots) {
    if (name === free) continue;
    const statefulSet = { replicas: 1, templateHash, ports, terminating: false };
    const pod = { templateHash, ports, terminating: false, ready: true, started: true };
    world.slots.set(name, { name, statefulSet, pod });
  }
  return world;
}

/** @returns how many pods served new logins when there were the fewest */
function fewest(world: SimulatedSlots, desired: Spec): number {
  let low = readyCount(world);
  for (let before = ""; JSON.stringify(world.observe()) !== before; ) {
    before = JSON.stringify(world.observe());
    world.reconcile(desired);
    world.control();
    low = Math.min(low, readyCount(world));
    world.setReady(true);
    world.endDrains();
  }
  return low;
}

/** Changes a world, and checks that one pod less than before serves at worst; none less if a share of the new cut is clear of all. */
function assertServes(world: SimulatedSlots, desired: Spec): void {
  const before = world.pods();
  const what = `${before.map(({ name, ports }) => `${name} ${formatRange(ports)}`).join(", ")} to ${desired.replicas} of ${formatRange(desired.range)}`;
  const isClear = wishOf(desired).slots.some((slot) =>
    before.every(({ ports }) => !overlaps(ports, slot.ports)),
  );
  const least = Math.min(before.length, desired.replicas) - (isClear ? 0 : 1);
  const low = fewest(world, desired);
  assert.ok(low >= least, `${what}: ${low} instead of ${least}`);
  assert.equal(readyCount(world), desired.replicas, what);
}

/** Specs of so many replicas with every range among eight ports that is long enough. */
function shortSpecs(replicas: number): Spec[] {
  const ports = Array.from({ length: 8 }, (_, index) => 50_000 + index);
  return ports.flatMap((first) =>
    ports.filter((last) => last - first >= replicas).map((last) => specOf({ first, last }, replicas)),
  );
}

for (const replicas of [1, 2, 3])
  test(`from ${replicas} replicas in any short range to up to three in any other, whichever slot is free`, () => {
    const desired = [1, 2, 3].flatMap(shortSpecs);
    for (const spec of shortSpecs(replicas))
      for (const { name } of wishOf(spec).slots)
        for (const next of desired) assertServes(serving(spec, name), next);
  });

const numbers = [1, 2, 3, 4, 5, 6];
for (const before of numbers)
  test(`from ${before} to any other number of replicas somebody always serves, whichever slot is free`, () => {
    const range = { first: 50_000, last: 50_099 };
    for (const after of numbers.filter((number) => number !== before))
      for (const { name } of wishOf(specOf(range, before)).slots) {
        const low = fewest(serving(specOf(range, before), name), specOf(range, after));
        const least = Math.max(1, Math.min(before, after) - 1);
        assert.ok(low >= least, `to ${after}, slot ${name} free: ${low} instead of ${least}`);
      }
  });

test("the same after whatever changes there were before", () => {
  const cut = fc
    .record({ replicas: fc.integer({ min: 1, max: 4 }), offset: fc.nat(12), more: fc.nat(12) })
    .map(({ replicas, offset, more }) => {
      const first = 50_000 + offset;
      return specOf({ first, last: first + replicas + more }, replicas);
    });
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 8 }), (specs) => {
      const world = new SimulatedSlots();
      for (const spec of specs) assertServes(world, spec);
    }),
    { numRuns: 1000 },
  );
});
