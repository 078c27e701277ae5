import type { PortRange } from "../../api/engine-config.ts";
import { SLOT_NAMES } from "../../api/names.ts";
import { formatRange, overlaps } from "../model/port-ranges.ts";
import type { Slice } from "../model/port-ranges.ts";
import { heldPorts, isFree, isUp } from "./slot-state.ts";
import type { SlotObservation } from "./slot-state.ts";

/**
 * Gives every share of the range the name of a slot; where nothing is there yet, in order. A slot that owns just these ports
 * keeps them. For the others it counts that a pod starts when nobody holds its ports any more, nor its name: a share that is
 * clear of every pod gets a free name, and one that has to wait for a pod rather takes that pod's name than another's.
 */
export function assignSlots(cut: readonly PortRange[], observed: readonly SlotObservation[]): Slice[] {
  const owners = new Map(observed.toSorted(leastUpFirst).map((seen) => [ownPorts(seen), seen.name]));
  const kept = new Set(cut.flatMap((ports) => owners.get(formatRange(ports)) ?? []));
  const used = observed.filter((seen) => !isFree({ seen }));
  const names = [...SLOT_NAMES.slice(0, cut.length), ...used.map(({ name }) => name)];
  const left = new Set(names.filter((name) => !kept.has(name)));
  const chosen = cut
    .filter((ports) => !owners.has(formatRange(ports)))
    .map((ports) => ({ ports, holders: used.filter((seen) => holdsAny(seen, ports)) }))
    .toSorted((a, b) => a.holders.length - b.holders.length)
    .map(({ ports, holders }): [string, string] => {
      const rank = (name: string): number => (isIn(holders, name) ? 0 : isIn(used, name) ? 2 : 1);
      const [name = ""] = [...left].toSorted((a, b) => rank(a) - rank(b));
      left.delete(name);
      return [formatRange(ports), name];
    });
  const nameOf = new Map([...owners, ...chosen]);
  return cut.map((ports) => ({ name: nameOf.get(formatRange(ports)) ?? "", ports }));
}

/** The last of several owners counts. */
function leastUpFirst(a: SlotObservation, b: SlotObservation): number {
  return Number(isUp(a)) - Number(isUp(b)) || (a.name < b.name ? 1 : -1);
}

/** Ports of the pod that is to stay; where it goes, those of the next pod. */
function ownPorts(seen: SlotObservation): string {
  const { pod, statefulSet } = seen;
  const owner = isUp(seen) ? (pod ?? statefulSet) : (statefulSet ?? pod);
  return owner === undefined ? "" : formatRange(owner.ports);
}

function holdsAny(seen: SlotObservation, ports: PortRange): boolean {
  return heldPorts(seen).some((held) => overlaps(held, ports));
}

function isIn(slots: readonly SlotObservation[], name: string): boolean {
  return slots.some((slot) => slot.name === name);
}
