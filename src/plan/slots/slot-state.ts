import type { PortRange } from "../../api/engine-config.ts";
import { overlaps } from "../model/port-ranges.ts";
import type { Slice } from "../model/port-ranges.ts";

/** What is there of one slot. */
export interface SlotObservation {
  name: string;
  statefulSet?: { replicas: number; templateHash: string; ports: PortRange; terminating: boolean };
  pod?: {
    templateHash: string;
    ports: PortRange;
    terminating: boolean;
    ready: boolean;
    /** The engine is up, ready or not: there may be sessions. */
    started: boolean;
  };
}

/** A slot as it should be: its share of the range and the pod template that goes with it. */
export interface DesiredSlot extends Slice {
  templateHash: string;
}

/** One slot with wish and observation brought together. `ports` are those it holds, or else would hold. */
export interface Slot extends Slice {
  /** Undefined for a slot that the layout no longer has. */
  desired: DesiredSlot | undefined;
  seen: SlotObservation;
  /** A pod is there or will be made, and nothing has decided yet that it ends. */
  up: boolean;
  ready: boolean;
  /** What is there was made from another template than the wished one. */
  outdated: boolean;
  /** See {@link heldPorts}. */
  held: PortRange[];
}

/** Every slot that is wished or there, in the order of the names. */
export function joinSlots(desired: readonly DesiredSlot[], observed: readonly SlotObservation[]): Slot[] {
  const wishes = new Map(desired.map((slot) => [slot.name, slot]));
  const sights = new Map(observed.map((slot) => [slot.name, slot]));
  return [...new Set([...wishes.keys(), ...sights.keys()])]
    .toSorted()
    .flatMap((name) => joinSlot(wishes.get(name), sights.get(name) ?? { name }));
}

function joinSlot(desired: DesiredSlot | undefined, seen: SlotObservation): Slot[] {
  const { statefulSet, pod } = seen;
  const held = heldPorts(seen);
  const ports = held[0] ?? desired?.ports ?? statefulSet?.ports;
  if (ports === undefined) return [];
  const up = isUp(seen);
  const ready = up && pod?.ready === true;
  return [{ name: seen.name, ports, desired, seen, up, ready, outdated: isOutdated(seen, desired), held }];
}

/** Ports that no other pod may open. */
export function heldPorts(seen: SlotObservation): PortRange[] {
  return [seen.pod, makesPods(seen) ? seen.statefulSet : undefined].flatMap((owner) => owner?.ports ?? []);
}

/** A pod without a StatefulSet is taken in again by the next one of its name. */
export function isUp({ statefulSet, pod }: SlotObservation): boolean {
  if (pod?.terminating === true) return false;
  if (statefulSet === undefined) return pod !== undefined;
  return statefulSet.replicas > 0 && !statefulSet.terminating;
}

function isOutdated({ statefulSet, pod }: SlotObservation, desired: DesiredSlot | undefined): boolean {
  const hash = pod?.templateHash ?? statefulSet?.templateHash;
  return hash !== undefined && hash !== desired?.templateHash;
}

function makesPods({ statefulSet }: SlotObservation): boolean {
  return statefulSet !== undefined && statefulSet.replicas > 0;
}

/** Neither a pod nor anything that would make one, and no deletion under way. */
export function isFree({ seen }: Pick<Slot, "seen">): boolean {
  return seen.pod === undefined && !makesPods(seen) && seen.statefulSet?.terminating !== true;
}

/** Nobody can be logged in. */
export function isIdle({ seen }: Slot): boolean {
  return seen.pod?.started !== true && seen.pod?.ready !== true;
}

/** Whether the StatefulSet of a slot that is not up would make a new pod once the ending one is gone. */
export function wouldComeBack({ seen, up }: Slot): boolean {
  return !up && makesPods(seen) && seen.statefulSet?.terminating !== true;
}

/** Whether no other slot holds a port of this one's share; wished shares never overlap each other. */
export function isStartable(slot: Slot, slots: readonly Slot[]): boolean {
  const { desired } = slot;
  if (desired === undefined) return false;
  return slots.every(
    (other) => other === slot || other.held.every((ports) => !overlaps(ports, desired.ports)),
  );
}
