import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { planSlots } from "../../../src/plan/slots/rollout.ts";
import { SimulatedSlots, states, desiredOf } from "../../support/plan/slots.ts";
import type { Spec } from "../../support/plan/slots.ts";

const BASE: Spec = { replicas: 1, version: 1, range: { first: 50000, last: 50009 }, strategy: "Surge" };

function settled(spec: Spec): SimulatedSlots {
  const simulation = new SimulatedSlots();
  simulation.settle(spec);
  return simulation;
}

describe("planSlots", () => {
  test("starts a slot for each replica and keeps one free", () => {
    assert.equal(states(planSlots(desiredOf(BASE), [])), "a:Starting:Run b:Free:None");
    assert.equal(
      states(planSlots(desiredOf({ ...BASE, replicas: 2 }), [])),
      "a:Starting:Run b:Starting:Run c:Free:None",
    );
    assert.equal(states(planSlots(desiredOf({ ...BASE, replicas: 0 }), [])), "a:Free:None");
  });

  test("starts a new template in a free slot, waits until it is ready, and drains the old slot", () => {
    const simulation = settled(BASE);
    const next = { ...BASE, version: 2 };
    assert.equal(states(simulation.reconcile(next)), "a:Serving:Hold b:Starting:Run");
    simulation.control();
    assert.equal(states(simulation.reconcile(next)), "a:Serving:Hold b:Starting:Run");
    simulation.setReady(true, "b");
    assert.equal(states(simulation.reconcile(next)), "a:Draining:Drain b:Serving:Run");
    simulation.control();
    assert.equal(states(simulation.reconcile(next)), "a:Draining:Hold b:Serving:Run");
    simulation.endDrains();
    assert.equal(states(simulation.reconcile(next)), "a:Free:Remove b:Serving:Run");
    assert.equal(states(simulation.reconcile(next)), "a:Free:None b:Serving:Run");
  });

  test("replaces a deleted pod in a free slot while its sessions drain", () => {
    const simulation = settled(BASE);
    simulation.deletePod("a");
    assert.equal(states(simulation.reconcile(BASE)), "a:Draining:Drain b:Starting:Run");
    simulation.settle(BASE);
    assert.equal(states(simulation.reconcile(BASE)), "a:Free:None b:Serving:Run");
  });

  test("restarts a slot in place when no other is free", () => {
    const simulation = settled({ ...BASE, replicas: 2 });
    simulation.deletePod("a");
    simulation.deletePod("b");
    assert.equal(
      states(simulation.reconcile({ ...BASE, replicas: 2 })),
      "a:Draining:Run b:Draining:Drain c:Starting:Run",
    );
  });

  test("drains a failed new template immediately when the spec is corrected", () => {
    const simulation = settled(BASE);
    const broken = { ...BASE, version: 2 };
    simulation.reconcile(broken);
    simulation.control();
    const mended = { ...BASE, version: 3 };
    assert.equal(states(simulation.reconcile(mended)), "a:Serving:Hold b:Draining:Drain");
    simulation.settle(mended);
    assert.equal(states(simulation.reconcile(mended)), "a:Free:None b:Serving:Run");
  });

  /** Returns slot a with a draining pod of version 1, and slot b with a pod of version 2. */
  function endingBesideSecond(): SimulatedSlots {
    const simulation = settled(BASE);
    const next = { ...BASE, version: 2 };
    simulation.reconcile(next);
    simulation.control();
    simulation.setReady(true, "b");
    simulation.reconcile(next);
    simulation.control();
    return simulation;
  }

  test("replaces a failed template in place while an older pod drains", () => {
    const simulation = endingBesideSecond();
    simulation.crash("b");
    const mended = { ...BASE, version: 3 };
    assert.equal(states(simulation.reconcile(mended)), "a:Draining:Hold b:Starting:Replace");
    simulation.control();
    simulation.endDrains("b");
    assert.equal(states(simulation.reconcile(mended)), "a:Draining:Hold b:Starting:Run");
    simulation.control();
    simulation.setReady(true, "b");
    assert.equal(states(simulation.reconcile(mended)), "a:Draining:Hold b:Serving:Run");
  });

  test("keeps a pod that can have sessions while no successor can start, ready or not", () => {
    const simulation = endingBesideSecond();
    const next = { ...BASE, version: 3 };
    assert.equal(states(simulation.reconcile(next)), "a:Draining:Hold b:Serving:Hold");
    simulation.setReady(false, "b");
    assert.equal(states(simulation.reconcile(next)), "a:Draining:Hold b:Starting:Hold");
  });

  test("keeps a failed pod whose termination would unblock no slot", () => {
    const simulation = endingBesideSecond();
    simulation.crash("b");
    const moved = { ...BASE, range: { first: 50000, last: 50003 } };
    assert.equal(states(simulation.reconcile(moved)), "a:Draining:Hold b:Starting:Hold");
  });

  test("starts a new template in the same slot after the old pod terminates when one node can mount the volume", () => {
    const spec: Spec = { ...BASE, strategy: "InPlace" };
    const simulation = settled(spec);
    const next = { ...spec, version: 2 };
    assert.equal(states(simulation.reconcile(next)), "a:Serving:Replace");
    simulation.control();
    assert.equal(states(simulation.reconcile(next)), "a:Draining:Hold");
    simulation.endDrains();
    assert.equal(states(simulation.reconcile(next)), "a:Starting:Run");
  });

  test("changes nothing while the storage is missing", () => {
    const simulation = settled(BASE);
    const plans = simulation.reconcile({ ...BASE, replicas: 3, version: 2, strategy: "Frozen" });
    assert.equal(states(plans), "a:Serving:Hold b:Free:None c:Free:None d:Free:None");
  });

  test("drains slots that are not ready first, then the highest names", () => {
    const spec = { ...BASE, replicas: 3 };
    const simulation = settled(spec);
    simulation.setReady(false, "a");
    const smaller = { ...spec, replicas: 2 };
    const drained = simulation.reconcile(smaller).filter(({ action }) => action === "Drain");
    assert.deepEqual(
      drained.map(({ name }) => name),
      ["a"],
    );
  });

  test("drains the highest names when too many slots are current", () => {
    const desired = desiredOf(BASE);
    const observed = desired.slots.map(({ name, ports, templateHash }) => ({
      name,
      statefulSet: { replicas: 1, templateHash, ports, terminating: false },
      pod: { templateHash, ports, terminating: false, ready: true, started: true },
    }));
    assert.equal(states(planSlots(desired, observed)), "a:Serving:Run b:Draining:Drain");
  });

  test("adopts a pod whose StatefulSet was deleted", () => {
    const simulation = settled(BASE);
    simulation.orphanPod("a");
    assert.equal(states(simulation.reconcile(BASE)), "a:Serving:Run b:Free:None");
  });

  test("waits for a StatefulSet that is being deleted", () => {
    const simulation = settled(BASE);
    const slot = simulation.slots.get("a");
    assert.ok(slot?.statefulSet);
    slot.statefulSet.terminating = true;
    assert.equal(states(planSlots(desiredOf(BASE), simulation.observe())), "a:Draining:Hold b:Starting:Run");
  });

  test("drains the old slot first when every new slice overlaps its slice", () => {
    const simulation = settled(BASE);
    const next = { ...BASE, range: { first: 50000, last: 50004 } };
    assert.equal(states(simulation.reconcile(next)), "a:Serving:Replace b:Free:None");
    simulation.settle(next);
    assert.deepEqual(
      simulation.pods().map(({ ports }) => ports),
      [{ first: 50000, last: 50001 }],
    );
  });
});
