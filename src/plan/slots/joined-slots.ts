import type { PortRange } from "../../api/engine-config.ts";
import type { DesiredSlot, ObservedSlot, Slice } from "../model/decision.ts";
import { overlaps } from "../model/port-ranges.ts";

/** Desired and observed state of one slot. `ports` are those it holds, or else will hold. */
export interface JoinedSlot extends Slice {
  /** Undefined for a slot that no slice is assigned to. */
  desired: DesiredSlot | undefined;
  observed: ObservedSlot;
  /** Whether a pod exists or will be created, and its termination is not decided. */
  up: boolean;
  ready: boolean;
  /** Whether the pod or StatefulSet has another template than the desired one. */
  outdated: boolean;
  /** See {@link heldPorts}. */
  held: PortRange[];
}

/** Returns every desired or observed slot, ordered by name. */
export function joinSlots(desired: readonly DesiredSlot[], observed: readonly ObservedSlot[]): JoinedSlot[] {
  const desiredByName = new Map(desired.map((slot) => [slot.name, slot]));
  const observedByName = new Map(observed.map((slot) => [slot.name, slot]));
  return [...new Set([...desiredByName.keys(), ...observedByName.keys()])]
    .toSorted()
    .flatMap((name) => joinSlot(desiredByName.get(name), observedByName.get(name) ?? { name }));
}

function joinSlot(desired: DesiredSlot | undefined, observed: ObservedSlot): JoinedSlot[] {
  const { name, statefulSet, pod } = observed;
  const held = heldPorts(observed);
  const ports = held[0] ?? desired?.ports ?? statefulSet?.ports;
  if (ports === undefined) return [];
  const up = isUp(observed);
  const ready = up && pod?.ready === true;
  return [{ name, ports, desired, observed, up, ready, outdated: isOutdated(observed, desired), held }];
}

/** Returns the ports that no pod of another slot can open. */
export function heldPorts(slot: ObservedSlot): PortRange[] {
  return [slot.pod, createsPods(slot) ? slot.statefulSet : undefined].flatMap((owner) => owner?.ports ?? []);
}

/** A pod without a StatefulSet counts, because the next StatefulSet of the slot adopts it. */
export function isUp({ statefulSet, pod }: ObservedSlot): boolean {
  if (pod?.terminating === true) return false;
  if (statefulSet === undefined) return pod !== undefined;
  return statefulSet.replicas > 0 && !statefulSet.terminating;
}

function isOutdated({ statefulSet, pod }: ObservedSlot, desired: DesiredSlot | undefined): boolean {
  const hash = pod?.templateHash ?? statefulSet?.templateHash;
  return hash !== undefined && hash !== desired?.templateHash;
}

function createsPods({ statefulSet }: ObservedSlot): boolean {
  return statefulSet !== undefined && statefulSet.replicas > 0;
}

/** Returns whether a slot has no pod, nothing that creates one, and no deletion in progress. */
export function isFree(slot: ObservedSlot): boolean {
  return slot.pod === undefined && !createsPods(slot) && slot.statefulSet?.terminating !== true;
}

/** Returns whether a slot cannot have sessions. */
export function isIdle({ observed: { pod } }: JoinedSlot): boolean {
  return pod?.started !== true && pod?.ready !== true;
}

/** Returns whether the StatefulSet of a slot that is not up would create a pod after the terminating one. */
export function wouldRestart({ observed, up }: JoinedSlot): boolean {
  return !up && createsPods(observed) && observed.statefulSet?.terminating !== true;
}

/** Returns whether no other slot holds a port of the desired slice. Desired slices never overlap each other. */
export function canStart(slot: JoinedSlot, slots: readonly JoinedSlot[]): boolean {
  const { desired } = slot;
  if (desired === undefined) return false;
  return slots.every(
    (other) => other === slot || other.held.every((ports) => !overlaps(ports, desired.ports)),
  );
}
