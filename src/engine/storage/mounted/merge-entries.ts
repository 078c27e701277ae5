import type { Entry } from "../storage.ts";

/**
 * Yields the entries of a directory together with additional ones, which replace entries of the same name.
 * @param added few entries in any order
 * @param isSorted whether the batches are sorted by name; the result then is too
 */
export async function* mergeEntries(
  batches: AsyncIterable<readonly Entry[]>,
  added: readonly Entry[],
  isSorted: boolean,
): AsyncGenerator<readonly Entry[]> {
  const names = new Set(added.map(({ name }) => name));
  let waiting = added.toSorted(byName);
  if (!isSorted) {
    yield waiting;
    waiting = [];
  }
  for await (const batch of batches) {
    const others = batch.filter(({ name }) => !names.has(name));
    const last = batch.at(-1);
    const due = last === undefined ? [] : waiting.filter((entry) => byName(entry, last) < 0);
    waiting = waiting.slice(due.length);
    yield due.length === 0 ? others : [...others, ...due].toSorted(byName);
  }
  if (waiting.length > 0) yield waiting;
}

/** Compares names by their character codes, as sorted listings do. */
function byName({ name: a }: Entry, { name: b }: Entry): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
