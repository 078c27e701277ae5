import type { PortRange } from "../../api/engine-config.ts";
import type { DesiredSlot, ObservedSlot, Slice } from "../model/decision.ts";
import { overlaps } from "../model/port-ranges.ts";

/**
 * Desired and observed state of one slot. `ports` contains the ports that the slot holds. If the slot holds no ports,
 * `ports` contains the ports of its next pod.
 */
export interface JoinedSlot extends Slice {
  /** The value is undefined when the slot has no slice. */
  desired: DesiredSlot | undefined;
  observed: ObservedSlot;
  /** True while the pod exists and is not terminating, or while the pod is about to be created. */
  up: boolean;
  ready: boolean;
  /** True when the pod or StatefulSet has an outdated template. */
  outdated: boolean;
  /** See {@link heldPorts}. */
  held: PortRange[];
}

/** Returns all desired and observed slots, ordered by name. */
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

/** Returns the ports that pods of other slots cannot use. */
export function heldPorts(slot: ObservedSlot): PortRange[] {
  return [slot.pod, createsPods(slot) ? slot.statefulSet : undefined].flatMap((owner) => owner?.ports ?? []);
}

/**
 * Returns whether the slot is up. A slot is also up if its pod has no StatefulSet, because the next StatefulSet of the
 * slot adopts the pod.
 */
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

/** Returns whether a slot has no pod, no StatefulSet that creates a pod, and no deletion in progress. */
export function isFree(slot: ObservedSlot): boolean {
  return slot.pod === undefined && !createsPods(slot) && slot.statefulSet?.terminating !== true;
}

/** Returns whether a slot cannot have sessions. */
export function isIdle({ observed: { pod } }: JoinedSlot): boolean {
  return pod?.started !== true && pod?.ready !== true;
}

/** Returns whether the StatefulSet would create a new pod after the terminating pod of a slot. */
export function wouldRestart({ observed, up }: JoinedSlot): boolean {
  return !up && createsPods(observed) && observed.statefulSet?.terminating !== true;
}

/** Returns whether no other slot holds a port of the desired slice. Desired slices never overlap. */
export function canStart(slot: JoinedSlot, slots: readonly JoinedSlot[]): boolean {
  const { desired } = slot;
  if (desired === undefined) return false;
  return slots.every(
    (other) => other === slot || other.held.every((ports) => !overlaps(ports, desired.ports)),
  );
}
