import type { Entry } from "../storage.ts";

/**
 * Yields the entries of a directory together with additional entries. An additional entry replaces an entry with the
 * same name.
 * @param added additional entries in any order
 * @param isSorted whether the batches are sorted by name; the result is then also sorted
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

/** Compares names by character code, which is the order of sorted listings. */
function byName({ name: a }: Entry, { name: b }: Entry): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
