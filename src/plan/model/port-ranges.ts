import type { PortRange } from "../../api/engine-config.ts";

/** Returns the number of ports in a range. */
export function portCount(range: PortRange): number {
  return range.last - range.first + 1;
}

/** Returns whether two ranges have a port in common. */
export function overlaps(a: PortRange, b: PortRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Returns the ports of a range in ascending order. */
export function portsOf(range: PortRange): number[] {
  return Array.from({ length: portCount(range) }, (_, index) => range.first + index);
}

/** Returns a range as text, for example `50000-50009`. The engine's `--passive-ports` takes the same form. */
export function formatRange(range: PortRange): string {
  return `${range.first}-${range.last}`;
}

/** Returns the smallest number of ranges that contain the same ports, in ascending order. */
export function mergeRanges(ranges: readonly PortRange[]): PortRange[] {
  const merged: PortRange[] = [];
  for (const range of ranges.filter((range) => portCount(range) > 0).toSorted((a, b) => a.first - b.first)) {
    const previous = merged.at(-1);
    if (previous === undefined || range.first > previous.last + 1) merged.push({ ...range });
    else previous.last = Math.max(previous.last, range.last);
  }
  return merged;
}
