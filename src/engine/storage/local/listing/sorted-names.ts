import type { Pause } from "../../../../common/tick-budget.ts";
import type { Sorting } from "../../storage.ts";

/** Maximum number of directory entries in a sorted listing. */
export const SORTED_ENTRIES = 10_000;
/**
 * Memory overhead per name, and maximum size per character, in bytes. Both values are twice the actual size, because
 * unused names remain in memory until garbage collection.
 */
const NAME_BYTES = 80;
const CHARACTER_BYTES = 4;

/**
 * Yields names sorted by character code, in batches of at most `count`. Names keep their directory order if the
 * directory has more than `SORTED_ENTRIES` names or if memory is insufficient. The names in the first batch need no
 * reserved memory.
 */
export async function* sortedNames(
  batches: AsyncIterable<string[]>,
  count: number,
  { mayKeep, pause }: Sorting,
): AsyncGenerator<string[]> {
  let kept: string[][] = [];
  let entries = 0;
  let isSorting = true;
  for await (const names of batches) {
    await pause();
    entries += names.length;
    isSorting &&= entries <= SORTED_ENTRIES && (kept.length === 0 || mayKeep(bytesOf(names)));
    if (isSorting) {
      kept.push(names);
      continue;
    }
    yield* kept;
    kept = [];
    yield names;
  }
  const sorted = await mergeSorted(kept, pause);
  for (let start = 0; start < sorted.length; start += count) yield sorted.slice(start, start + count);
}

function bytesOf(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + NAME_BYTES + name.length * CHARACTER_BYTES, 0);
}

/**
 * Sorts in steps that take a few milliseconds each. Sorting 10,000 names with a common prefix in one step would take 60
 * ms.
 */
async function mergeSorted(batches: readonly string[][], pause: Pause): Promise<string[]> {
  let runs = batches;
  for (const run of runs) {
    run.sort(byCode);
    await pause();
  }
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      merged.push(merge(runs[index] ?? [], runs[index + 1] ?? []));
      await pause();
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function merge(one: readonly string[], other: readonly string[]): string[] {
  const merged: string[] = [];
  let at = 0;
  for (const name of one) {
    for (let next = other[at]; next !== undefined && next < name; next = other[++at]) merged.push(next);
    merged.push(name);
  }
  for (; at < other.length; at++) merged.push(other[at] ?? "");
  return merged;
}

function byCode(one: string, other: string): number {
  return one < other ? -1 : 1;
}
