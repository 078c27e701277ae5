import type { PortRange } from "../../api/engine-config.ts";

export function portCount(range: PortRange): number {
  return range.last - range.first + 1;
}

export function overlaps(a: PortRange, b: PortRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function portsOf(range: PortRange): number[] {
  return Array.from({ length: portCount(range) }, (_, index) => range.first + index);
}

/** Formats a port range, for example as `50000-50009`. The engine option `--passive-ports` has the same format. */
export function formatRange(range: PortRange): string {
  return `${range.first}-${range.last}`;
}

/** Merges overlapping and adjacent port ranges. The result is in ascending order. */
export function mergeRanges(ranges: readonly PortRange[]): PortRange[] {
  const merged: PortRange[] = [];
  for (const range of ranges.filter((range) => portCount(range) > 0).toSorted((a, b) => a.first - b.first)) {
    const previous = merged.at(-1);
    if (previous === undefined || range.first > previous.last + 1) merged.push({ ...range });
    else previous.last = Math.max(previous.last, range.last);
  }
  return merged;
}
