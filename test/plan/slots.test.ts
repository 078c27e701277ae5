import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { overlaps } from "../../src/plan/layout.ts";
import { planSlots } from "../../src/plan/slots.ts";
import type { SlotPlan } from "../../src/plan/slots.ts";
import { SlotWorld, wishOf } from "./slot-world.ts";
import type { Spec } from "./slot-world.ts";

const BASE: Spec = { replicas: 1, version: 1, range: { first: 50000, last: 50009 }, strategy: "Surge" };

function settled(spec: Spec): SlotWorld {
  const world = new SlotWorld();
  world.settle(spec);
  return world;
}

function states(plans: readonly SlotPlan[]): string {
  return plans.map(({ name, state, action }) => `${name}:${state}:${action}`).join(" ");
}

function readyCount(world: SlotWorld): number {
  return world.pods().filter(({ ready }) => ready).length;
}

describe("planSlots", () => {
  it("starts as many slots as replicas, and keeps one free", () => {
    assert.equal(states(planSlots(wishOf(BASE), [])), "a:Starting:Run b:Free:None");
    assert.equal(
      states(planSlots(wishOf({ ...BASE, replicas: 2 }), [])),
      "a:Starting:Run b:Starting:Run c:Free:None",
    );
    assert.equal(states(planSlots(wishOf({ ...BASE, replicas: 0 }), [])), "a:Free:None");
  });

  it("rolls out: starts the new template in a free slot, waits until it is ready, drains the old one", () => {
    const world = settled(BASE);
    const next = { ...BASE, version: 2 };
    assert.equal(states(world.reconcile(next)), "a:Serving:Hold b:Starting:Run");
    world.control();
    assert.equal(states(world.reconcile(next)), "a:Serving:Hold b:Starting:Run");
    world.setReady(true, "b");
    assert.equal(states(world.reconcile(next)), "a:Draining:Drain b:Serving:Run");
    world.control();
    assert.equal(states(world.reconcile(next)), "a:Draining:Hold b:Serving:Run");
    world.endDrains();
    assert.equal(states(world.reconcile(next)), "a:Free:Remove b:Serving:Run");
    assert.equal(states(world.reconcile(next)), "a:Free:None b:Serving:Run");
  });

  it("replaces a deleted pod in a free slot at once, while its sessions drain", () => {
    const world = settled(BASE);
    world.deletePod("a");
    assert.equal(states(world.reconcile(BASE)), "a:Draining:Drain b:Starting:Run");
    world.settle(BASE);
    assert.equal(states(world.reconcile(BASE)), "a:Free:None b:Serving:Run");
  });

  it("lets a slot come back in place when no other is free", () => {
    const world = settled({ ...BASE, replicas: 2 });
    world.deletePod("a");
    world.deletePod("b");
    assert.equal(
      states(world.reconcile({ ...BASE, replicas: 2 })),
      "a:Draining:Run b:Draining:Drain c:Starting:Run",
    );
  });

  it("drains a broken new template at once when the spec is mended", () => {
    const world = settled(BASE);
    const broken = { ...BASE, version: 2 };
    world.reconcile(broken);
    world.control();
    const mended = { ...BASE, version: 3 };
    assert.equal(states(world.reconcile(mended)), "a:Serving:Hold b:Draining:Drain");
    world.settle(mended);
    assert.equal(states(world.reconcile(mended)), "a:Free:None b:Serving:Run");
  });

  it("never starts a new template while one node's storage is held, and comes back on the same slot", () => {
    const spec: Spec = { ...BASE, strategy: "InPlace" };
    const world = settled(spec);
    const next = { ...spec, version: 2 };
    assert.equal(states(world.reconcile(next)), "a:Draining:Drain");
    world.control();
    assert.equal(states(world.reconcile(next)), "a:Draining:Hold");
    world.endDrains();
    assert.equal(states(world.reconcile(next)), "a:Starting:Run");
  });

  it("changes nothing while the storage is missing", () => {
    const world = settled(BASE);
    const plans = world.reconcile({ ...BASE, replicas: 3, version: 2, strategy: "Frozen" });
    assert.equal(states(plans), "a:Serving:Hold b:Free:None c:Free:None d:Free:None");
  });

  it("scales down what is not ready first, then the highest names", () => {
    const spec = { ...BASE, replicas: 3 };
    const world = settled(spec);
    world.setReady(false, "a");
    const smaller = { ...spec, replicas: 2 };
    const drained = world.reconcile(smaller).filter(({ action }) => action === "Drain");
    assert.deepEqual(
      drained.map(({ name }) => name),
      ["a"],
    );
  });

  it("drains the highest names of too many current slots", () => {
    const wish = wishOf(BASE);
    const observed = wish.slots.map(({ name, ports, templateHash }) => ({
      name,
      statefulSet: { replicas: 1, templateHash, ports, terminating: false },
      pod: { templateHash, ports, terminating: false, ready: true },
    }));
    assert.equal(states(planSlots(wish, observed)), "a:Serving:Run b:Draining:Drain");
  });

  it("takes in a pod whose StatefulSet somebody removed", () => {
    const world = settled(BASE);
    world.orphanPod("a");
    assert.equal(states(world.reconcile(BASE)), "a:Serving:Run b:Free:None");
  });

  it("waits for a StatefulSet that is being deleted", () => {
    const world = settled(BASE);
    const slot = world.slots.get("a");
    assert.ok(slot?.statefulSet);
    slot.statefulSet.terminating = true;
    assert.equal(states(planSlots(wishOf(BASE), world.observe())), "a:Draining:Hold b:Starting:Run");
  });

  it("drains before it starts when every new slice overlaps the old one", () => {
    const world = settled(BASE);
    const next = { ...BASE, range: { first: 50000, last: 50004 } };
    assert.equal(states(world.reconcile(next)), "a:Draining:Drain b:Free:None");
    world.settle(next);
    assert.deepEqual(
      world.pods().map(({ ports }) => ports),
      [{ first: 50000, last: 50001 }],
    );
  });
});

describe("planSlots, when the number of replicas changes", () => {
  const range = { first: 50_000, last: 50_099 };
  const spec = (replicas: number): Spec => ({ ...BASE, range, replicas });

  /** All slots but one serve, as after any rollout. */
  function serving(replicas: number, free: number): SlotWorld {
    const world = new SlotWorld();
    const { slots } = wishOf(spec(replicas));
    for (const { name, templateHash, ports } of slots.toSpliced(free, 1)) {
      const statefulSet = { replicas: 1, templateHash, ports, terminating: false };
      world.slots.set(name, {
        name,
        statefulSet,
        pod: { templateHash, ports, terminating: false, ready: true },
      });
    }
    return world;
  }

  /** @returns how many pods served new logins when there were the fewest */
  function fewest(world: SlotWorld, wished: Spec): number {
    let low = readyCount(world);
    for (let before = ""; JSON.stringify(world.observe()) !== before; ) {
      before = JSON.stringify(world.observe());
      world.reconcile(wished);
      world.control();
      low = Math.min(low, readyCount(world));
      world.setReady(true);
      world.endDrains();
    }
    return low;
  }

  const numbers = [1, 2, 3, 4, 5, 6];
  for (const before of numbers)
    it(`from ${before} to any other, somebody always serves, whichever slot is free`, () => {
      for (const after of numbers.filter((number) => number !== before))
        for (let free = 0; free <= before; free++) {
          const low = fewest(serving(before, free), spec(after));
          const least = Math.max(1, Math.min(before, after) - 1);
          assert.ok(low >= least, `to ${after}, slot ${free} free: ${low} instead of ${least}`);
        }
    });
});

type Step = { do: string; run: (world: SlotWorld, spec: Spec) => Spec };

const slotName = fc.constantFrom("a", "b", "c", "d", "e");
const world = (name: string, run: (world: SlotWorld) => void): Step => ({
  do: name,
  run: (w, spec) => {
    run(w);
    return spec;
  },
});
const change = (patch: Partial<Spec>): Step => ({
  do: `spec ${JSON.stringify(patch)}`,
  run: (_world, spec) => ({ ...spec, ...patch }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constant<Step>({ do: "reconcile", run: (w, spec) => (reconcileChecked(w, spec), spec) }),
  },
  { weight: 4, arbitrary: fc.constant(world("control", (w) => w.control())) },
  { weight: 3, arbitrary: slotName.map((name) => world(`ready ${name}`, (w) => w.setReady(true, name))) },
  { weight: 1, arbitrary: slotName.map((name) => world(`unready ${name}`, (w) => w.setReady(false, name))) },
  { weight: 2, arbitrary: slotName.map((name) => world(`end ${name}`, (w) => w.endDrains(name))) },
  { weight: 1, arbitrary: slotName.map((name) => world(`delete ${name}`, (w) => w.deletePod(name))) },
  { weight: 1, arbitrary: slotName.map((name) => world(`orphan ${name}`, (w) => w.orphanPod(name))) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 4 }).map((replicas) => change({ replicas })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }).map((version) => change({ version })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 50000, max: 50010 }), fc.integer({ min: 5, max: 20 }))
      .map(([first, size]) => change({ range: { first, last: first + size - 1 } })),
  },
);

/** Plans and applies once, and checks what may never happen in one step. */
function reconcileChecked(w: SlotWorld, spec: Spec): void {
  const before = w.observe();
  const ready = readyCount(w);
  const plans = w.reconcile(spec);
  const drained = plans.filter(({ name, action }) => {
    const old = before.find((slot) => slot.name === name);
    return action === "Drain" && old?.statefulSet?.replicas === 1 && old.pod?.terminating !== true;
  });
  const readyDrained = drained.filter(
    ({ name }) => before.find((slot) => slot.name === name)?.pod?.ready === true,
  );
  const starts = plans.filter(({ state }) => state === "Starting").length;
  const kept = ready - readyDrained.length;
  // Only when nothing at all can start, one slot goes first.
  const blocked = readyDrained.length === 1 && starts === 0;
  assert.ok(
    kept >= Math.min(spec.replicas, ready) || blocked,
    `${ready} ready, ${kept} kept: ${states(plans)}`,
  );
}

function assertDisjoint(w: SlotWorld): void {
  const pods = w.pods();
  for (const [index, pod] of pods.entries()) {
    for (const other of pods.slice(index + 1)) {
      assert.ok(!overlaps(pod.ports, other.ports), `${pod.name} and ${other.name} share ports`);
    }
  }
}

function runSteps(steps: readonly Step[], start: Spec): { w: SlotWorld; spec: Spec } {
  const w = new SlotWorld();
  let spec = start;
  for (const { run } of steps) {
    spec = run(w, spec);
    assertDisjoint(w);
  }
  return { w, spec };
}

describe("planSlots, in any sequence of events", () => {
  const cases = fc.tuple(
    fc.array(step, { maxLength: 60 }),
    fc.constantFrom<Spec>(BASE, { ...BASE, replicas: 3 }, { ...BASE, strategy: "InPlace" }),
  );

  it("never gives a port to two pods, never drains too much, and converges", () => {
    fc.assert(
      fc.property(cases, ([steps, start]) => {
        const { w, spec } = runSteps(steps, start);
        w.settle(spec);
        assertDisjoint(w);
        const wish = wishOf(spec);
        const pods = w.pods();
        assert.equal(pods.length, spec.replicas);
        for (const pod of pods) {
          assert.ok(pod.ready);
          assert.deepEqual(wish.slots.find(({ name }) => name === pod.name)?.ports, pod.ports);
        }
        for (const { name, action } of planSlots(wish, w.observe()))
          assert.match(action, /^(Run|None)$/, name);
      }),
      { numRuns: 2000 },
    );
  });

  it("decides the same again as long as nothing happens", () => {
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
