import type { PortRange } from "../../api/engine-config.ts";
import { overlaps } from "../model/port-ranges.ts";
import { isFree, isIdle, isStartable, joinSlots, wouldComeBack } from "./slot-state.ts";
import type { Slot, SlotObservation, DesiredSlot } from "./slot-state.ts";
import type { FtpServerStatusSlot } from "../../api/ftpserver.generated.ts";

/**
 * Who owns which passive ports, and what happens to each slot next.
 *
 * A slot is a name with at most one pod. Wished are `replicas` slots that are *up*. A slot whose pod is ending does not
 * count, so that new logins go on elsewhere while its sessions drain. A slot whose pod is outdated is replaced: first a
 * free slot is started with the new template, then, once that is ready, the outdated one is drained.
 */

export interface SlotPlanInput {
  replicas: number;
  slots: readonly DesiredSlot[];
  /**
   * Surge: a new pod starts before the old one drains. InPlace: the other way round, for storage that only one node can
   * mount, or where the spec wishes it. Frozen: nothing is started or drained, as the storage is not there or somebody
   * works on the pods.
   */
  strategy: "Surge" | "InPlace" | "Frozen";
}

/**
 * Run: the slot's StatefulSet is as wished, with one pod. Hold: whatever is there stays as it is for now. Drain: scaled
 * to no pod. Replace: the same, and already with the wished template; so one that is refused ends no pod. Remove: the
 * empty StatefulSet goes. None: nothing there, nothing wished.
 */
export type SlotAction = "Run" | "Hold" | "Drain" | "Replace" | "Remove" | "None";

export type SlotState = FtpServerStatusSlot["state"];

export interface SlotPlan {
  name: string;
  /** Ports that the slot's pod owns now, or would own. */
  ports: PortRange;
  state: SlotState;
  action: SlotAction;
  /** Whether a pod of another template than the wished one is, or was last, in the slot. */
  outdated: boolean;
}

/** Decides the next step of every slot. Repeated on its own results it ends with `replicas` current slots. */
export function planSlots(desired: SlotPlanInput, observed: readonly SlotObservation[]): SlotPlan[] {
  const slots = joinSlots(desired.slots, observed);
  const choice = choose(desired, slots);
  return slots.map((slot) => planSlot(slot, choice));
}

interface Choice {
  starts: ReadonlySet<Slot>;
  surplus: ReadonlySet<Slot>;
  blocking: Slot | undefined;
}

function choose(desired: SlotPlanInput, slots: readonly Slot[]): Choice {
  if (desired.strategy === "Frozen") return { starts: new Set(), surplus: new Set(), blocking: undefined };
  const starts = chooseStarts(desired, slots);
  const surplus = chooseSurplus(desired.replicas, slots);
  const blocking = starts.size + surplus.size > 0 ? undefined : chooseBlocking(slots);
  return { starts, surplus, blocking };
}

/**
 * Slots to start, the first free ones. When there are not enough, a slot whose pod is ending may come back in place:
 * its StatefulSet makes the new pod once the old one is gone.
 */
function chooseStarts(desired: SlotPlanInput, slots: readonly Slot[]): Set<Slot> {
  const up = slots.filter((slot) => slot.up);
  const surge = desired.strategy === "Surge" && up.some((slot) => slot.outdated) ? 1 : 0;
  const chosen = new Set<Slot>();
  const start = (candidates: Slot[], target: number): void => {
    for (const slot of candidates) {
      if (up.length + chosen.size >= target) return;
      if (isStartable(slot, slots)) chosen.add(slot);
    }
  };
  start(slots.filter(isFree), desired.replicas + surge);
  start(slots.filter(wouldComeBack), desired.replicas);
  return chosen;
}

/** Slots above `replicas` that can go without leaving fewer than `replicas` ready ones. */
function chooseSurplus(replicas: number, slots: readonly Slot[]): Set<Slot> {
  const up = slots.filter((slot) => slot.up);
  const current = up.filter((slot) => !slot.outdated);
  let ready = up.filter((slot) => slot.ready).length;
  const chosen = new Set<Slot>();
  const drain = (candidates: readonly Slot[], count: number): void => {
    const left = new Set(candidates);
    for (let number = 0; number < count; number++) {
      const staying = up.filter((slot) => !chosen.has(slot));
      const [slot] = [...left].toSorted(byExpendability(staying, slots));
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
 * How near wished slots are to a start once this one is gone: each counts the more, the fewer stand in its way. Where the range is cut
 * anew, those have to go first; otherwise the last old pod might have to end before any new one starts.
 */
function openness(gone: Slot, staying: readonly Slot[], slots: readonly Slot[]): number {
  return slots.reduce((sum, { name, desired }) => {
    if (desired === undefined) return sum;
    const inTheWay = staying.filter(
      (other) =>
        other !== gone && (other.name === name || other.held.some((ports) => overlaps(ports, desired.ports))),
    );
    return sum + 4 ** -inTheWay.length;
  }, 0);
}

/**
 * An outdated slot that has to go before its successor can start: there is no surge, or the successor's ports overlap
 * its own. One at a time, and only when nothing else is on its way; but sessions elsewhere may take hours to end, so one that
 * has none does not wait for them.
 */
function chooseBlocking(slots: readonly Slot[]): Slot | undefined {
  const settled = slots.every((slot) => (slot.up ? slot.ready || slot.outdated : isFree(slot)));
  const up = slots.filter((slot) => slot.up);
  return up
    .filter((slot) => slot.outdated && (settled || (isIdle(slot) && makesRoom(slot, slots))))
    .toSorted(byExpendability(up, slots))[0];
}

/** Whether a slot could start at once if this one were gone. */
function makesRoom(gone: Slot, slots: readonly Slot[]): boolean {
  const left = slots.filter((slot) => slot !== gone);
  return slots.some((slot) => (slot === gone || isFree(slot)) && isStartable(slot, left));
}

/** What is not ready goes first, then what makes the most room, then the highest name. */
function byExpendability(staying: readonly Slot[], slots: readonly Slot[]): (a: Slot, b: Slot) => number {
  return (a, b) =>
    Number(a.ready) - Number(b.ready) ||
    openness(b, staying, slots) - openness(a, staying, slots) ||
    (a.name < b.name ? 1 : -1);
}

function planSlot(slot: Slot, { starts, surplus, blocking }: Choice): SlotPlan {
  const { name, ports, outdated, seen } = slot;
  const plan = (action: SlotAction, state: SlotState): SlotPlan => ({ name, ports, outdated, action, state });
  if (starts.has(slot)) return plan("Run", seen.pod === undefined ? "Starting" : "Draining");
  if (surplus.has(slot)) return plan("Drain", "Draining");
  const state = slot.ready ? "Serving" : "Starting";
  if (slot === blocking)
    return slot.desired === undefined ? plan("Drain", "Draining") : plan("Replace", state);
  if (slot.up) return plan(slot.outdated ? "Hold" : "Run", state);
  if (!isFree(slot)) return plan(wouldComeBack(slot) ? "Drain" : "Hold", "Draining");
  return plan(seen.statefulSet === undefined ? "None" : "Remove", "Free");
}
