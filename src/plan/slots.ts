import type { PortRange } from "../api/engine-config.ts";
import { overlaps } from "./layout.ts";
import type { Slice } from "./layout.ts";
import type { SlotState } from "./spec.ts";

/**
 * Who owns which passive ports, and what happens to each slot next.
 *
 * A slot is a name with at most one pod. Wished are `replicas` slots that are *up*. A slot whose pod is ending does not
 * count, so that new logins go on elsewhere while its sessions drain. A slot whose pod is outdated is replaced: first a
 * free slot is started with the new template, then, once that is ready, the outdated one is drained.
 */

/** What is there of one slot. */
export interface SlotObservation {
  name: string;
  statefulSet?: { replicas: number; templateHash: string; ports: PortRange; terminating: boolean };
  pod?: { templateHash: string; ports: PortRange; terminating: boolean; ready: boolean };
}

/** A slot as it should be: its share of the range and the pod template that goes with it. */
export interface WishedSlot extends Slice {
  templateHash: string;
}

export interface SlotWish {
  replicas: number;
  slots: readonly WishedSlot[];
  /**
   * Surge: a new pod starts before the old one drains. InPlace: the other way round, for storage that only one node can
   * mount. Frozen: nothing is started or drained, as the storage is not there.
   */
  strategy: "Surge" | "InPlace" | "Frozen";
}

/**
 * Run: the slot's StatefulSet is as wished, with one pod. Hold: whatever is there stays as it is for now. Drain: scaled
 * to no pod. Remove: the empty StatefulSet goes. None: nothing there, nothing wished.
 */
export type SlotAction = "Run" | "Hold" | "Drain" | "Remove" | "None";

export interface SlotPlan {
  name: string;
  /** Ports that the slot's pod owns now, or would own. */
  ports: PortRange;
  state: SlotState;
  action: SlotAction;
  /** Whether a pod of another template than the wished one is, or was last, in the slot. */
  outdated: boolean;
}

/** One slot with wish and observation brought together. */
interface Slot extends Slice {
  wished: WishedSlot | undefined;
  seen: SlotObservation;
  /** A pod is there or will be made, and nothing has decided yet that it ends. */
  up: boolean;
  ready: boolean;
  outdated: boolean;
  /** Ports that no other pod may open. */
  held: PortRange[];
}

/** Decides the next step of every slot. Repeated on its own results it ends with `replicas` current slots. */
export function planSlots(wish: SlotWish, observed: readonly SlotObservation[]): SlotPlan[] {
  const slots = joinSlots(wish.slots, observed);
  const starts = wish.strategy === "Frozen" ? new Set<Slot>() : chooseStarts(wish, slots);
  const drains = wish.strategy === "Frozen" ? new Set<Slot>() : chooseDrains(wish, slots, starts);
  return slots.map((slot) => planSlot(slot, starts.has(slot), drains.has(slot)));
}

function joinSlots(wished: readonly WishedSlot[], observed: readonly SlotObservation[]): Slot[] {
  const wishes = new Map(wished.map((slot) => [slot.name, slot]));
  const sights = new Map(observed.map((slot) => [slot.name, slot]));
  return [...new Set([...wishes.keys(), ...sights.keys()])]
    .toSorted()
    .flatMap((name) => joinSlot(wishes.get(name), sights.get(name) ?? { name }));
}

function joinSlot(wished: WishedSlot | undefined, seen: SlotObservation): Slot[] {
  const { statefulSet, pod } = seen;
  const held = [
    ...(pod === undefined ? [] : [pod.ports]),
    ...(statefulSet !== undefined && statefulSet.replicas > 0 ? [statefulSet.ports] : []),
  ];
  const ports = held[0] ?? wished?.ports ?? statefulSet?.ports;
  if (ports === undefined) return [];
  const up =
    pod?.terminating !== true &&
    (statefulSet === undefined ? pod !== undefined : statefulSet.replicas > 0 && !statefulSet.terminating);
  const hash = pod?.templateHash ?? statefulSet?.templateHash;
  const ready = up && pod?.ready === true;
  const outdated = hash !== undefined && hash !== wished?.templateHash;
  return [{ name: seen.name, ports, wished, seen, up, ready, outdated, held }];
}

/** Neither a pod nor anything that would make one, and no deletion under way. */
function isFree({ seen }: Slot): boolean {
  const { statefulSet, pod } = seen;
  return (
    pod === undefined &&
    (statefulSet === undefined || (statefulSet.replicas === 0 && !statefulSet.terminating))
  );
}

/**
 * Slots to start, the first free ones. When there are not enough, a slot whose pod is ending may come back in place:
 * its StatefulSet makes the new pod once the old one is gone.
 */
function chooseStarts(wish: SlotWish, slots: readonly Slot[]): Set<Slot> {
  const up = slots.filter((slot) => slot.up);
  const surge = wish.strategy === "Surge" && up.some((slot) => slot.outdated) ? 1 : 0;
  const chosen = new Set<Slot>();
  const start = (candidates: Slot[], target: number): void => {
    for (const slot of candidates) {
      if (up.length + chosen.size >= target) return;
      if (isStartable(slot, slots, chosen)) chosen.add(slot);
    }
  };
  start(slots.filter(isFree), wish.replicas + surge);
  start(slots.filter(wouldComeBack), wish.replicas);
  return chosen;
}

/** Whether the StatefulSet of a slot that is not up would make a new pod once the ending one is gone. */
function wouldComeBack({ seen, up }: Slot): boolean {
  const { statefulSet } = seen;
  return !up && statefulSet !== undefined && statefulSet.replicas > 0 && !statefulSet.terminating;
}

/** Whether no other slot holds, or is about to hold, a port of this one's share. */
function isStartable(slot: Slot, slots: readonly Slot[], starting: ReadonlySet<Slot>): boolean {
  const { wished } = slot;
  if (wished === undefined) return false;
  return slots
    .filter((other) => other !== slot)
    .flatMap((other) => [...other.held, ...(starting.has(other) && other.wished ? [other.wished.ports] : [])])
    .every((ports) => !overlaps(ports, wished.ports));
}

function chooseDrains(wish: SlotWish, slots: readonly Slot[], starts: ReadonlySet<Slot>): Set<Slot> {
  const surplus = chooseSurplus(wish.replicas, slots);
  if (surplus.size > 0 || starts.size > 0) return surplus;
  const blocked = chooseBlocking(slots);
  return new Set(blocked === undefined ? [] : [blocked]);
}

/** Slots above `replicas` that can go without leaving fewer than `replicas` ready ones. */
function chooseSurplus(replicas: number, slots: readonly Slot[]): Set<Slot> {
  const up = slots.filter((slot) => slot.up);
  const current = up.filter((slot) => !slot.outdated);
  let ready = up.filter((slot) => slot.ready).length;
  const chosen = new Set<Slot>();
  const drain = (candidates: Slot[], count: number): void => {
    for (const slot of candidates.toSorted(byExpendability).slice(0, Math.max(count, 0))) {
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
 * An outdated slot that has to go before its successor can start: there is no surge, or the successor's ports overlap
 * its own. One at a time, and only when nothing else is on its way.
 */
function chooseBlocking(slots: readonly Slot[]): Slot | undefined {
  const settled = slots.every((slot) => (slot.up ? slot.ready || slot.outdated : isFree(slot)));
  if (!settled) return undefined;
  return slots.filter((slot) => slot.up && slot.outdated).sort(byExpendability)[0];
}

/** What is not ready goes first, then the highest name. */
function byExpendability(a: Slot, b: Slot): number {
  return Number(a.ready) - Number(b.ready) || (a.name < b.name ? 1 : -1);
}

function planSlot(slot: Slot, starts: boolean, drains: boolean): SlotPlan {
  const { name, ports, outdated, seen } = slot;
  const plan = (action: SlotAction, state: SlotState): SlotPlan => ({ name, ports, outdated, action, state });
  if (starts) return plan("Run", seen.pod === undefined ? "Starting" : "Draining");
  if (drains) return plan("Drain", "Draining");
  if (slot.up) return plan(slot.outdated ? "Hold" : "Run", slot.ready ? "Serving" : "Starting");
  if (!isFree(slot)) return plan(wouldComeBack(slot) ? "Drain" : "Hold", "Draining");
  return plan(seen.statefulSet === undefined ? "None" : "Remove", "Free");
}
