import type { PortRange } from "../../api/engine-config.ts";

/** A share of the passive range, owned by at most one pod at a time. */
export interface Slice {
  name: string;
  ports: PortRange;
}

/** Cuts a range into `count` disjoint shares without gaps, whose sizes differ by one port at most. */
export function partitionRange(range: PortRange, count: number): PortRange[] {
  const size = portCount(range);
  const start = (index: number): number => range.first + Math.floor((size * index) / count);
  return Array.from({ length: count }, (_, index) => ({ first: start(index), last: start(index + 1) - 1 }));
}

export function portCount(range: PortRange): number {
  return range.last - range.first + 1;
}

export function overlaps(a: PortRange, b: PortRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Every port of a range, in order. */
export function portsOf(range: PortRange): number[] {
  return Array.from({ length: portCount(range) }, (_, index) => range.first + index);
}

/** `50000-50009`, as the engine's command line and the status write a range. */
export function formatRange(range: PortRange): string {
  return `${range.first}-${range.last}`;
}

/** The fewest ranges that hold the same ports, in order. */
export function mergeRanges(ranges: readonly PortRange[]): PortRange[] {
  const merged: PortRange[] = [];
  for (const range of ranges.filter((range) => portCount(range) > 0).toSorted((a, b) => a.first - b.first)) {
    const previous = merged.at(-1);
    if (previous === undefined || range.first > previous.last + 1) merged.push({ ...range });
    else previous.last = Math.max(previous.last, range.last);
  }
  return merged;
}
