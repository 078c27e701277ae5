/** Whole plans under whatever happens: changes of the spec, lost children, pods that come and go, operators that end between two writes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { overlaps } from "../../src/plan/model/port-ranges.ts";
import { observeSlots } from "../../src/plan/slots/observe-slots.ts";
import { plan } from "../../src/plan/plan.ts";
import { kstatus } from "../support/plan/kstatus.ts";
import { serverOf, specOf, Cluster, type SpecPatch } from "../support/plan/cluster.ts";

const RANGES = [
  { first: 50000, last: 50009 },
  { first: 50005, last: 50019 },
  { first: 51000, last: 51004 },
];

type Step =
  | { type: "Change"; patch: SpecPatch }
  | { type: "Reconcile" }
  /** The operator ends when it has written `some` of what pods need, or all of it and `sets` StatefulSets. */
  | { type: "Crash"; some: boolean[]; sets: number }
  | { type: "LoseChild"; index: number }
  | { type: "DeletePod"; index: number }
  | { type: "Controllers" }
  | { type: "Ready" }
  | { type: "EndDrains" }
  | { type: "Address"; address: string | undefined };

const change = (patch: fc.Arbitrary<SpecPatch>): fc.Arbitrary<Step> =>
  patch.map((patch) => ({ type: "Change", patch }));
const { rollout, passive } = specOf();

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Step>({ type: "Reconcile" }) },
    { weight: 3, arbitrary: fc.constant<Step>({ type: "Controllers" }) },
    { weight: 3, arbitrary: fc.constant<Step>({ type: "Ready" }) },
    { weight: 2, arbitrary: fc.constant<Step>({ type: "EndDrains" }) },
    fc.record({
      type: fc.constant("Crash" as const),
      some: fc.array(fc.boolean(), { maxLength: 6 }),
      sets: fc.nat(2),
    }),
    fc.record({ type: fc.constant("LoseChild" as const), index: fc.nat(20) }),
    fc.record({ type: fc.constant("DeletePod" as const), index: fc.nat(5) }),
    fc.record({
      type: fc.constant("Address" as const),
      address: fc.constantFrom("192.0.2.10", "192.0.2.11", undefined),
    }),
    change(fc.nat(4).map((replicas) => ({ replicas }))),
    change(fc.constantFrom(...RANGES).map((portRange) => ({ passive: { ...passive, portRange } }))),
    change(fc.constantFrom("Surge", "Recreate").map((type) => ({ rollout: { ...rollout, type } }))),
    change(fc.constantFrom("Enabled", "Disabled").map((mode) => ({ maintenance: { mode } }))),
    change(fc.nat(3).map((image) => ({ pod: { image: `engine:${image}` } }))),
    change(
      fc
        .constantFrom("Managed", "Disabled")
        .map((mode) => ({ networkPolicy: { ...specOf().networkPolicy, mode } })),
    ),
  ),
  { maxLength: 40 },
);

type Own = Extract<Step["type"], "Reconcile" | "Controllers" | "Ready" | "EndDrains">;
const SIMPLE: Readonly<Record<Own, (world: Cluster) => void>> = {
  Reconcile: (world) => void world.step(),
  Controllers: (world) => world.control(),
  Ready: (world) => world.makeReady(),
  EndDrains: (world) => world.endDrains(),
};

function take(world: Cluster, step: Step): void {
  switch (step.type) {
    case "Change":
      return world.change(step.patch);
    case "Crash":
      return crash(world, step);
    case "LoseChild":
      return loseChild(world, step.index);
    case "DeletePod":
      return deletePod(world, step.index);
    case "Address":
      world.balancerAddress = step.address;
      return;
    case "Reconcile":
    case "Controllers":
    case "Ready":
    case "EndDrains":
      SIMPLE[step.type](world);
  }
}

function loseChild(world: Cluster, index: number): void {
  const lost = [...world.objects].filter(
    ([, { kind }]) => kind !== "Pod" && kind !== "PersistentVolumeClaim",
  );
  const [key] = lost[index % Math.max(lost.length, 1)] ?? [];
  if (key !== undefined) world.objects.delete(key);
}

function deletePod(world: Cluster, index: number): void {
  const pod = world.all("Pod")[index];
  if (pod !== undefined) world.deletePod(pod.metadata.name);
}

function crash(world: Cluster, { some, sets }: Extract<Step, { type: "Crash" }>): void {
  const { apply } = plan(world.observe());
  const needs = apply.filter(({ kind }) => kind !== "StatefulSet");
  const written = needs.filter((_, index) => some[index]);
  for (const object of written) world.apply(object);
  if (written.length < needs.length) return;
  for (const object of apply.filter(({ kind }) => kind === "StatefulSet").slice(0, sets)) world.apply(object);
}

/** @throws when two pods own one port */
function assertDisjoint(world: Cluster): void {
  const slots = observeSlots({ statefulSets: world.all("StatefulSet"), pods: world.all("Pod") });
  const owners = slots.flatMap(({ name, pod }) => (pod === undefined ? [] : [{ name, ports: pod.ports }]));
  for (const [index, one] of owners.entries())
    for (const other of owners.slice(index + 1))
      assert.ok(!overlaps(one.ports, other.ports), `${one.name} and ${other.name} own one port`);
}

/** What kstatus says of any state must be true: tools wait for it, or give up by it. */
function assertReadable(world: Cluster): void {
  const { conditions = [] } = world.server.status ?? {};
  const summary = conditions.filter(({ type }) => ["Ready", "Reconciling", "Stalled"].includes(type));
  assert.ok(
    summary.some(({ status }) => status === "True"),
    JSON.stringify(summary),
  );
  const state = kstatus(world.server);
  assert.notEqual(state, "Failed", "nothing stands in the way here");
  const { apply, delete: deleted } = plan(world.observe());
  const isDone = apply.length + deleted.length === 0;
  if (state === "Current" && world.server.spec.maintenance.mode === "Disabled")
    assert.ok(isDone, `Current, and still to write: ${apply.map(({ kind }) => kind).join(" ")}`);
}

test("never gives a port to two pods, converges whatever has happened, and then writes nothing", () => {
  fc.assert(
    fc.property(steps, fc.nat(3), (sequence, replicas) => {
      const world = new Cluster(serverOf({ replicas }));
      for (const step of sequence) {
        take(world, step);
        assertDisjoint(world);
        if (step.type === "Reconcile") assertReadable(world);
      }
      world.change({ maintenance: { mode: "Disabled" } });
      world.balancerAddress = "192.0.2.10";
      world.settle();
      assertDisjoint(world);
      const desired = world.server.spec.replicas;
      assert.equal(world.all("Pod").length, desired);
      assert.equal(world.server.status?.readyReplicas, desired);
      world.writes = [];
      world.step();
      assert.deepEqual(world.writes, []);
    }),
    { numRuns: 400 },
  );
});

test("keeps as many slots at work as it may while nothing but the spec changes", () => {
  const images = fc.array(fc.nat(5), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      images,
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.nat(3), { maxLength: 60 }),
      (versions, replicas, order) => {
        const world = new Cluster(serverOf({ replicas }));
        world.settle();
        for (const image of versions) {
          world.change({ pod: { image: `engine:${image}` } });
          for (const what of order) {
            [
              () => void world.step(),
              () => world.control(),
              () => world.makeReady(),
              () => world.endDrains(),
            ][what]?.();
            const serving = world
              .all("Pod")
              .filter(
                ({ metadata, status }) => metadata.deletionTimestamp === undefined && status !== undefined,
              );
            assert.ok(serving.length >= replicas, `${serving.length} of ${replicas} at work`);
          }
        }
        world.settle();
      },
    ),
    { numRuns: 200 },
  );
});
