/**
 * Decides which slot starts, waits or drains next.
 *
 * A slot is a name (a, b, …) with at most one pod. A slot is up while its pod exists and is not terminating, or while
 * its pod is about to be created. Draining slots do not count as replicas, because new sessions start in other slots.
 * The pod of an outdated slot has an outdated template.
 *
 * Each example table shows the steps of a rollout. A column shows one slot with its desired slice. A cell contains the
 * observed state and the action that `planSlots` returns. The test `test/plan/slots/worked-examples.test.ts` checks
 * every row.
 *
 * Surge, 2 replicas: rollout of template v2 with a spare slice.
 *
 * | step    | a 50000-50002     | b 50003-50005     | c 50006-50008    |
 * |---------|-------------------|-------------------|------------------|
 * | desired | v2                | v2                | v2               |
 * | 1       | v1 ready: Hold    | v1 ready: Hold    | free: Run        |
 * | 2       | v1 ready: Hold    | v1 ready: Hold    | v2 starting: Run |
 * | 3       | v1 ready: Hold    | v1 ready: Drain   | v2 ready: Run    |
 * | 4       | v1 ready: Hold    | v1 draining: Hold | v2 ready: Run    |
 * | 5       | v1 ready: Hold    | v1 empty: Run     | v2 ready: Run    |
 * | 6       | v1 ready: Hold    | v2 starting: Run  | v2 ready: Run    |
 * | 7       | v1 ready: Drain   | v2 ready: Run     | v2 ready: Run    |
 * | 8       | v1 draining: Hold | v2 ready: Run     | v2 ready: Run    |
 * | 9       | v1 empty: Remove  | v2 ready: Run     | v2 ready: Run    |
 * | 10      | free: None        | v2 ready: Run     | v2 ready: Run    |
 *
 * InPlace, 1 replica: rollout of template v2 with a volume that only one node can mount.
 *
 * | step    | a 50000-50009     |
 * |---------|-------------------|
 * | desired | v2                |
 * | 1       | v1 ready: Replace |
 * | 2       | v1 draining: Hold |
 * | 3       | v2 empty: Run     |
 * | 4       | v2 starting: Run  |
 * | 5       | v2 ready: Run     |
 *
 * Surge, 1 replica: the passive port range changes from 50000-50009 to 50003-50012. Observed cells contain the old
 * slices.
 *
 * | step    | a 50003-50007                 | b 50008-50012    |
 * |---------|-------------------------------|------------------|
 * | desired | v2                            | v2               |
 * | 1       | v1 50000-50004 ready: Hold    | free: Run        |
 * | 2       | v1 50000-50004 ready: Hold    | v2 starting: Run |
 * | 3       | v1 50000-50004 ready: Drain   | v2 ready: Run    |
 * | 4       | v1 50000-50004 draining: Hold | v2 ready: Run    |
 * | 5       | v1 50000-50004 empty: Remove  | v2 ready: Run    |
 * | 6       | free: None                    | v2 ready: Run    |
 *
 * Surge, 1 replica: the passive port range shrinks from 50000-50009 to 50000-50005. Every new slice overlaps the ports
 * of the old pod, so the old pod drains first.
 *
 * | step    | a 50000-50002                 | b 50003-50005 |
 * |---------|-------------------------------|---------------|
 * | desired | v2                            | v2            |
 * | 1       | v1 50000-50004 ready: Replace | free: None    |
 * | 2       | v1 50000-50004 draining: Hold | free: None    |
 * | 3       | v2 empty: Run                 | free: None    |
 * | 4       | v2 starting: Run              | free: None    |
 */
import type {
  Decision,
  Desired,
  DesiredSlot,
  ObservedSlot,
  RolloutStrategy,
  SlotAction,
  SlotPlan,
  SlotState,
} from "../model/decision.ts";
import { TEMPLATE_HASH_ANNOTATION } from "../model/objects.ts";
import { overlaps } from "../model/port-ranges.ts";
import { isFree, isIdle, canStart, joinSlots, wouldRestart } from "./joined-slots.ts";
import type { JoinedSlot } from "./joined-slots.ts";

export interface RolloutInput {
  replicas: number;
  slots: readonly DesiredSlot[];
  strategy: RolloutStrategy;
}

/** Returns the desired slots of an FtpServer with their pod template hashes. */
export function rolloutInput({ spec, strategy, slices }: Decision, { statefulSets }: Desired): RolloutInput {
  const slots = slices.map((slice) => {
    const annotations = statefulSets.get(slice.name)?.spec.template.metadata.annotations;
    return { ...slice, templateHash: annotations?.[TEMPLATE_HASH_ANNOTATION] ?? "" };
  });
  return { replicas: spec.replicas, slots, strategy };
}

/**
 * Returns the next action of every slot. Repeated calls on the resulting states lead to `replicas` up-to-date slots.
 */
export function planSlots(input: RolloutInput, observed: readonly ObservedSlot[]): SlotPlan[] {
  const slots = joinSlots(input.slots, observed);
  const choice = choose(input, slots);
  return slots.map((slot) => planSlot(slot, choice));
}

interface Choice {
  starts: ReadonlySet<JoinedSlot>;
  surplus: ReadonlySet<JoinedSlot>;
  blocking: JoinedSlot | undefined;
}

function choose(input: RolloutInput, slots: readonly JoinedSlot[]): Choice {
  if (input.strategy === "Frozen") return { starts: new Set(), surplus: new Set(), blocking: undefined };
  const starts = chooseStarts(input, slots);
  const surplus = chooseSurplus(input.replicas, slots);
  const blocking = starts.size + surplus.size > 0 ? undefined : chooseBlocking(slots);
  return { starts, surplus, blocking };
}

/**
 * Returns the slots to start, beginning with free slots. When too few slots are free, a slot with a terminating pod
 * restarts in place. The StatefulSet of the slot creates the new pod after the old pod terminates.
 */
function chooseStarts({ replicas, strategy }: RolloutInput, slots: readonly JoinedSlot[]): Set<JoinedSlot> {
  const up = slots.filter((slot) => slot.up);
  const surge = strategy === "Surge" && up.some((slot) => slot.outdated) ? 1 : 0;
  const chosen = new Set<JoinedSlot>();
  const start = (candidates: JoinedSlot[], target: number): void => {
    for (const slot of candidates) {
      if (up.length + chosen.size >= target) return;
      if (canStart(slot, slots)) chosen.add(slot);
    }
  };
  start(
    slots.filter(({ observed }) => isFree(observed)),
    replicas + surge,
  );
  start(slots.filter(wouldRestart), replicas);
  return chosen;
}

/** Returns surplus slots that can drain while at least `replicas` slots remain ready. */
function chooseSurplus(replicas: number, slots: readonly JoinedSlot[]): Set<JoinedSlot> {
  const up = slots.filter((slot) => slot.up);
  const current = up.filter((slot) => !slot.outdated);
  let ready = up.filter((slot) => slot.ready).length;
  const chosen = new Set<JoinedSlot>();
  const drain = (candidates: readonly JoinedSlot[], count: number): void => {
    const left = new Set(candidates);
    for (let number = 0; number < count; number++) {
      const staying = up.filter((slot) => !chosen.has(slot));
      const [slot] = [...left].toSorted(drainOrder(staying, slots));
      if (slot === undefined) return;
      left.delete(slot);
      if (slot.ready && ready - 1 < replicas) continue;
      if (slot.ready) ready -= 1;
      chosen.add(slot);
    }
  };
  drain(
    up.filter((slot) => slot.outdated),
    up.length - replicas,
  );
  drain(current, current.length - replicas);
  return chosen;
}

/**
 * Returns an outdated slot that must drain before a new pod can start, because no surge is permitted or the ports
 * overlap. Only one slot drains at a time, and only when no other slot starts or drains. A slot without sessions does
 * not wait for other slots, whose sessions can last for hours.
 */
function chooseBlocking(slots: readonly JoinedSlot[]): JoinedSlot | undefined {
  const settled = slots.every((slot) => (slot.up ? slot.ready || slot.outdated : isFree(slot.observed)));
  const up = slots.filter((slot) => slot.up);
  return up
    .filter((slot) => slot.outdated && (settled || (isIdle(slot) && unblocksStart(slot, slots))))
    .toSorted(drainOrder(up, slots))[0];
}

/** Returns whether any slot could start immediately if `drained` did not exist. */
function unblocksStart(drained: JoinedSlot, slots: readonly JoinedSlot[]): boolean {
  const left = slots.filter((slot) => slot !== drained);
  return slots.some((slot) => (slot === drained || isFree(slot.observed)) && canStart(slot, left));
}

/**
 * Orders slots to drain: first slots that are not ready, then slots that unblock the most other slots, then by
 * descending name.
 */
function drainOrder(
  staying: readonly JoinedSlot[],
  slots: readonly JoinedSlot[],
): (a: JoinedSlot, b: JoinedSlot) => number {
  return (a, b) =>
    Number(a.ready) - Number(b.ready) ||
    unblockScore(b, staying, slots) - unblockScore(a, staying, slots) ||
    (a.name < b.name ? 1 : -1);
}

/**
 * Returns a score that is higher when draining `drained` unblocks more desired slots. A desired slot contributes more
 * when fewer other slots block its start. After a change to the slices, the slots that block a start must drain first.
 * Otherwise, the last old pod could terminate before any new pod starts.
 */
function unblockScore(
  drained: JoinedSlot,
  staying: readonly JoinedSlot[],
  slots: readonly JoinedSlot[],
): number {
  return slots.reduce((sum, { name, desired }) => {
    if (desired === undefined) return sum;
    const blockers = staying.filter(
      (other) =>
        other !== drained &&
        (other.name === name || other.held.some((ports) => overlaps(ports, desired.ports))),
    );
    return sum + 4 ** -blockers.length;
  }, 0);
}

function planSlot(slot: JoinedSlot, { starts, surplus, blocking }: Choice): SlotPlan {
  const { name, ports, outdated, observed } = slot;
  const plan = (action: SlotAction, state: SlotState): SlotPlan => ({ name, ports, outdated, action, state });
  if (starts.has(slot)) return plan("Run", observed.pod === undefined ? "Starting" : "Draining");
  if (surplus.has(slot)) return plan("Drain", "Draining");
  const state = slot.ready ? "Serving" : "Starting";
  if (slot === blocking)
    return slot.desired === undefined ? plan("Drain", "Draining") : plan("Replace", state);
  if (slot.up) return plan(slot.outdated ? "Hold" : "Run", state);
  if (!isFree(observed)) return plan(wouldRestart(slot) ? "Drain" : "Hold", "Draining");
  return plan(observed.statefulSet === undefined ? "None" : "Remove", "Free");
}
