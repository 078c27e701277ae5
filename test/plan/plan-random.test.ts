/**
 * Tests plans for random sequences of events: changed specs, deleted children, new and deleted pods, and operator
 * failures between two writes.
 */
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
  /**
   * The operator stops during its writes. `some` selects which of the objects that pods require are written. If all
   * these objects are written, the operator also writes `sets` StatefulSets.
   */
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
const SIMPLE: Readonly<Record<Own, (cluster: Cluster) => void>> = {
  Reconcile: (cluster) => void cluster.step(),
  Controllers: (cluster) => cluster.control(),
  Ready: (cluster) => cluster.makeReady(),
  EndDrains: (cluster) => cluster.endDrains(),
};

function take(cluster: Cluster, step: Step): void {
  switch (step.type) {
    case "Change":
      return cluster.change(step.patch);
    case "Crash":
      return crash(cluster, step);
    case "LoseChild":
      return loseChild(cluster, step.index);
    case "DeletePod":
      return deletePod(cluster, step.index);
    case "Address":
      cluster.loadBalancerAddress = step.address;
      return;
    case "Reconcile":
    case "Controllers":
    case "Ready":
    case "EndDrains":
      SIMPLE[step.type](cluster);
  }
}

function loseChild(cluster: Cluster, index: number): void {
  const lost = [...cluster.objects].filter(
    ([, { kind }]) => kind !== "Pod" && kind !== "PersistentVolumeClaim",
  );
  const [key] = lost[index % Math.max(lost.length, 1)] ?? [];
  if (key !== undefined) cluster.objects.delete(key);
}

function deletePod(cluster: Cluster, index: number): void {
  const pod = cluster.all("Pod")[index];
  if (pod !== undefined) cluster.deletePod(pod.metadata.name);
}

function crash(cluster: Cluster, { some, sets }: Extract<Step, { type: "Crash" }>): void {
  const { apply } = plan(cluster.observe());
  const needs = apply.filter(({ kind }) => kind !== "StatefulSet");
  const written = needs.filter((_, index) => some[index]);
  for (const object of written) cluster.apply(object);
  if (written.length < needs.length) return;
  for (const object of apply.filter(({ kind }) => kind === "StatefulSet").slice(0, sets))
    cluster.apply(object);
}

/** @throws when two pods own one port */
function assertDisjoint(cluster: Cluster): void {
  const slots = observeSlots({ statefulSets: cluster.all("StatefulSet"), pods: cluster.all("Pod") });
  const owners = slots.flatMap(({ name, pod }) => (pod === undefined ? [] : [{ name, ports: pod.ports }]));
  for (const [index, one] of owners.entries())
    for (const other of owners.slice(index + 1))
      assert.ok(!overlaps(one.ports, other.ports), `${one.name} and ${other.name} own one port`);
}

/** Checks that the kstatus result is correct, because tools wait for this result. */
function assertReadable(cluster: Cluster): void {
  const { conditions = [] } = cluster.server.status ?? {};
  const summary = conditions.filter(({ type }) => ["Ready", "Reconciling", "Stalled"].includes(type));
  assert.ok(
    summary.some(({ status }) => status === "True"),
    JSON.stringify(summary),
  );
  const state = kstatus(cluster.server);
  assert.notEqual(state, "Failed", "nothing blocks reconciliation");
  const { apply, delete: deleted } = plan(cluster.observe());
  const isDone = apply.length + deleted.length === 0;
  if (state === "Current" && cluster.server.spec.maintenance.mode === "Disabled")
    assert.ok(isDone, `Current, and still to write: ${apply.map(({ kind }) => kind).join(" ")}`);
}

/** The second StatefulSet has no pod yet when the spec no longer requires the StatefulSet. */
const REPLICAS_REMOVED_DURING_A_ROLLOUT: Step[] = [
  { type: "Reconcile" },
  { type: "Change", patch: { pod: { image: "engine:0" } } },
  { type: "Controllers" },
  { type: "Reconcile" },
  { type: "Change", patch: { replicas: 0 } },
  { type: "Reconcile" },
];

test("plan never assigns a port to two pods, converges after any sequence of events, and then writes nothing", () => {
  fc.assert(
    fc.property(steps, fc.nat(3), (sequence, replicas) => {
      const cluster = new Cluster(serverOf({ replicas }));
      for (const step of sequence) {
        take(cluster, step);
        assertDisjoint(cluster);
        if (step.type === "Reconcile") assertReadable(cluster);
      }
      cluster.change({ maintenance: { mode: "Disabled" } });
      cluster.loadBalancerAddress = "192.0.2.10";
      cluster.settle();
      assertDisjoint(cluster);
      const desired = cluster.server.spec.replicas;
      assert.equal(cluster.all("Pod").length, desired);
      assert.equal(cluster.server.status?.readyReplicas, desired);
      cluster.writes = [];
      cluster.step();
      assert.deepEqual(cluster.writes, []);
    }),
    { numRuns: 400, examples: [[REPLICAS_REMOVED_DURING_A_ROLLOUT, 1]] },
  );
});

test("plan keeps the desired number of pods serving while only the spec changes", () => {
  const images = fc.array(fc.nat(5), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      images,
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.nat(3), { maxLength: 60 }),
      (versions, replicas, order) => {
        const cluster = new Cluster(serverOf({ replicas }));
        cluster.settle();
        for (const image of versions) {
          cluster.change({ pod: { image: `engine:${image}` } });
          for (const what of order) {
            [
              () => void cluster.step(),
              () => cluster.control(),
              () => cluster.makeReady(),
              () => cluster.endDrains(),
            ][what]?.();
            const serving = cluster
              .all("Pod")
              .filter(
                ({ metadata, status }) => metadata.deletionTimestamp === undefined && status !== undefined,
              );
            assert.ok(serving.length >= replicas, `${serving.length} of ${replicas} at work`);
          }
        }
        cluster.settle();
      },
    ),
    { numRuns: 200 },
  );
});
