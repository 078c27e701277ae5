import type { PortRange } from "../../api/engine-config.ts";
import { SLOT_NAMES } from "../../api/names.ts";
import type { ObservedSlot, Slice } from "../model/decision.ts";
import { formatRange, overlaps, portCount } from "../model/port-ranges.ts";
import { heldPorts, isFree, isUp } from "./joined-slots.ts";

/** Splits a port range into `count` adjacent ranges whose sizes differ by at most one port. */
export function partitionRange(range: PortRange, count: number): PortRange[] {
  const size = portCount(range);
  const start = (index: number): number => range.first + Math.floor((size * index) / count);
  return Array.from({ length: count }, (_, index) => ({ first: start(index), last: start(index + 1) - 1 }));
}

/**
 * Assigns a slot to each slice of the passive port range. A new FtpServer receives slots in alphabetical order. A slot
 * that already owns exactly the ports of a slice keeps these ports. A pod can start only when its ports and its name
 * are both free. Therefore a slice that overlaps no pod receives a free slot. A slice that must wait for a pod
 * preferably receives the slot of that pod.
 */
export function assignSlots(partition: readonly PortRange[], observed: readonly ObservedSlot[]): Slice[] {
  const owners = new Map(observed.toSorted(upLast).map((slot) => [ownPorts(slot), slot.name]));
  const kept = new Set(partition.flatMap((ports) => owners.get(formatRange(ports)) ?? []));
  const used = observed.filter((slot) => !isFree(slot));
  const names = [...SLOT_NAMES.slice(0, partition.length), ...used.map(({ name }) => name)];
  const available = new Set(names.filter((name) => !kept.has(name)));
  const assigned = partition
    .filter((ports) => !owners.has(formatRange(ports)))
    .map((ports) => ({ ports, holders: used.filter((slot) => holdsAny(slot, ports)) }))
    .toSorted((a, b) => a.holders.length - b.holders.length)
    .map(({ ports, holders }): [string, string] => {
      const rank = (name: string): number => (isIn(holders, name) ? 0 : isIn(used, name) ? 2 : 1);
      const [name = ""] = [...available].toSorted((a, b) => rank(a) - rank(b));
      available.delete(name);
      return [formatRange(ports), name];
    });
  const nameOf = new Map([...owners, ...assigned]);
  return partition.map((ports) => ({ name: nameOf.get(formatRange(ports)) ?? "", ports }));
}

/** Sorts running slots last. When several slots own the same range, the last slot keeps the range. */
function upLast(a: ObservedSlot, b: ObservedSlot): number {
  return Number(isUp(a)) - Number(isUp(b)) || (a.name < b.name ? 1 : -1);
}

/**
 * Returns the ports of a slot: the ports of its current pod, or of its next pod when the current pod is terminating.
 */
function ownPorts(slot: ObservedSlot): string {
  const { pod, statefulSet } = slot;
  const owner = isUp(slot) ? (pod ?? statefulSet) : (statefulSet ?? pod);
  return owner === undefined ? "" : formatRange(owner.ports);
}

function holdsAny(slot: ObservedSlot, ports: PortRange): boolean {
  return heldPorts(slot).some((held) => overlaps(held, ports));
}

function isIn(slots: readonly ObservedSlot[], name: string): boolean {
  return slots.some((slot) => slot.name === name);
}
