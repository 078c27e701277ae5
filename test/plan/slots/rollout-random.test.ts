/** Tests slot plans during random sequences of events. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { overlaps } from "../../../src/plan/model/port-ranges.ts";
import { planSlots } from "../../../src/plan/slots/rollout.ts";
import { readyCount, SimulatedSlots, states, desiredOf } from "../../support/plan/slots.ts";
import type { Spec } from "../../support/plan/slots.ts";

const BASE: Spec = { replicas: 1, version: 1, range: { first: 50000, last: 50009 }, strategy: "Surge" };

type Step = { do: string; run: (simulation: SimulatedSlots, spec: Spec) => Spec };

const slotName = fc.constantFrom("a", "b", "c", "d", "e");
const simulation = (name: string, run: (simulation: SimulatedSlots) => void): Step => ({
  do: name,
  run: (w, spec) => {
    run(w);
    return spec;
  },
});
const change = (patch: Partial<Spec>): Step => ({
  do: `spec ${JSON.stringify(patch)}`,
  run: (_simulation, spec) => ({ ...spec, ...patch }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constant<Step>({ do: "reconcile", run: (w, spec) => (reconcileChecked(w, spec), spec) }),
  },
  { weight: 4, arbitrary: fc.constant(simulation("control", (w) => w.control())) },
  {
    weight: 3,
    arbitrary: slotName.map((name) => simulation(`ready ${name}`, (w) => w.setReady(true, name))),
  },
  {
    weight: 1,
    arbitrary: slotName.map((name) => simulation(`unready ${name}`, (w) => w.setReady(false, name))),
  },
  { weight: 1, arbitrary: slotName.map((name) => simulation(`crash ${name}`, (w) => w.crash(name))) },
  { weight: 2, arbitrary: slotName.map((name) => simulation(`end ${name}`, (w) => w.endDrains(name))) },
  { weight: 1, arbitrary: slotName.map((name) => simulation(`delete ${name}`, (w) => w.deletePod(name))) },
  { weight: 1, arbitrary: slotName.map((name) => simulation(`orphan ${name}`, (w) => w.orphanPod(name))) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 4 }).map((replicas) => change({ replicas })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }).map((version) => change({ version })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 50000, max: 50010 }), fc.integer({ min: 5, max: 20 }))
      .map(([first, size]) => change({ range: { first, last: first + size - 1 } })),
  },
);

/** Plans and applies once. Checks the invariants for one step. */
function reconcileChecked(w: SimulatedSlots, spec: Spec): void {
  const before = w.observe();
  const ready = readyCount(w);
  const plans = w.reconcile(spec);
  const drained = plans.filter(({ name, action }) => {
    const old = before.find((slot) => slot.name === name);
    return (
      /^(Drain|Replace)$/.test(action) && old?.statefulSet?.replicas === 1 && old.pod?.terminating !== true
    );
  });
  const readyDrained = drained.filter(
    ({ name }) => before.find((slot) => slot.name === name)?.pod?.ready === true,
  );
  const starts = plans.filter(({ state }) => state === "Starting").length;
  const kept = ready - readyDrained.length;
  // A serving slot drains before another slot starts only if no other slot can start.
  const blocked = readyDrained.length === 1 && starts === 0;
  assert.ok(
    kept >= Math.min(spec.replicas, ready) || blocked,
    `${ready} ready, ${kept} kept: ${states(plans)}`,
  );
}

function assertDisjoint(w: SimulatedSlots): void {
  const pods = w.pods();
  for (const [index, pod] of pods.entries()) {
    for (const other of pods.slice(index + 1)) {
      assert.ok(!overlaps(pod.ports, other.ports), `${pod.name} and ${other.name} share ports`);
    }
  }
}

function runSteps(steps: readonly Step[], start: Spec): { w: SimulatedSlots; spec: Spec } {
  const w = new SimulatedSlots();
  let spec = start;
  for (const { run } of steps) {
    spec = run(w, spec);
    assertDisjoint(w);
  }
  return { w, spec };
}

describe("planSlots for any sequence of events", () => {
  const cases = fc.tuple(
    fc.array(step, { maxLength: 60 }),
    fc.constantFrom<Spec>(BASE, { ...BASE, replicas: 3 }, { ...BASE, strategy: "InPlace" }),
  );

  test("never assigns a port to two pods, never drains too many slots, and converges", () => {
    fc.assert(
      fc.property(cases, ([steps, start]) => {
        const { w, spec } = runSteps(steps, start);
        w.settle(spec);
        assertDisjoint(w);
        const desired = desiredOf(spec, w.observe());
        const pods = w.pods();
        assert.equal(pods.length, spec.replicas);
        for (const pod of pods) {
          assert.ok(pod.ready);
          assert.deepEqual(desired.slots.find(({ name }) => name === pod.name)?.ports, pod.ports);
        }
        for (const { name, action } of planSlots(desired, w.observe()))
          assert.match(action, /^(Run|None)$/, name);
      }),
      { numRuns: 2000 },
    );
  });

  test("returns the same actions while nothing changes", () => {
    fc.assert(
      fc.property(cases, ([steps, start]) => {
        const { w, spec } = runSteps(steps, start);
        for (let round = 0; round < 20; round += 1) w.reconcile(spec);
        const before = JSON.stringify(w.observe());
        const plans = states(w.reconcile(spec));
        assert.equal(JSON.stringify(w.observe()), before);
        assert.equal(states(w.reconcile(spec)), plans);
      }),
    );
  });
});
