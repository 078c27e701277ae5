import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planSlots } from "../../../src/plan/slots/rollout.ts";
import { SimulatedSlots, states, wishOf } from "../../support/plan/slots.ts";
import type { Spec } from "../../support/plan/slots.ts";

const BASE: Spec = { replicas: 1, version: 1, range: { first: 50000, last: 50009 }, strategy: "Surge" };

function settled(spec: Spec): SimulatedSlots {
  const world = new SimulatedSlots();
  world.settle(spec);
  return world;
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

  /** The last pod of version 1 ends slowly in slot a, and version 2 is in slot b. */
  function endingBesideSecond(): SimulatedSlots {
    const world = settled(BASE);
    const next = { ...BASE, version: 2 };
    world.reconcile(next);
    world.control();
    world.setReady(true, "b");
    world.reconcile(next);
    world.control();
    return world;
  }

  it("replaces a broken template where it is while the pod before it is still ending", () => {
    const world = endingBesideSecond();
    world.crash("b");
    const mended = { ...BASE, version: 3 };
    assert.equal(states(world.reconcile(mended)), "a:Draining:Hold b:Starting:Replace");
    world.control();
    world.endDrains("b");
    assert.equal(states(world.reconcile(mended)), "a:Draining:Hold b:Starting:Run");
    world.control();
    world.setReady(true, "b");
    assert.equal(states(world.reconcile(mended)), "a:Draining:Hold b:Serving:Run");
  });

  it("keeps a pod that may have sessions while no successor can start, ready or not", () => {
    const world = endingBesideSecond();
    const next = { ...BASE, version: 3 };
    assert.equal(states(world.reconcile(next)), "a:Draining:Hold b:Serving:Hold");
    world.setReady(false, "b");
    assert.equal(states(world.reconcile(next)), "a:Draining:Hold b:Starting:Hold");
  });

  it("keeps a broken pod whose end would make no room", () => {
    const world = endingBesideSecond();
    world.crash("b");
    const moved = { ...BASE, range: { first: 50000, last: 50003 } };
    assert.equal(states(world.reconcile(moved)), "a:Draining:Hold b:Starting:Hold");
  });

  it("never starts a new template while one node's storage is held, and comes back on the same slot", () => {
    const spec: Spec = { ...BASE, strategy: "InPlace" };
    const world = settled(spec);
    const next = { ...spec, version: 2 };
    assert.equal(states(world.reconcile(next)), "a:Serving:Replace");
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
    const desired = wishOf(BASE);
    const observed = desired.slots.map(({ name, ports, templateHash }) => ({
      name,
      statefulSet: { replicas: 1, templateHash, ports, terminating: false },
      pod: { templateHash, ports, terminating: false, ready: true, started: true },
    }));
    assert.equal(states(planSlots(desired, observed)), "a:Serving:Run b:Draining:Drain");
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
    assert.equal(states(world.reconcile(next)), "a:Serving:Replace b:Free:None");
    world.settle(next);
    assert.deepEqual(
      world.pods().map(({ ports }) => ports),
      [{ first: 50000, last: 50001 }],
    );
  });
});
