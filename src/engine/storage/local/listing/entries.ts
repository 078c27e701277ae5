import { entryOf } from "./entry.ts";
import { TEMPORARY_PREFIX } from "../../path.ts";
import { sortedNames } from "./sorted-names.ts";
import type { Entry, Sorting } from "../../storage.ts";
import type { Directory } from "../system/directory.ts";

/** Entries looked at together. */
const BATCH = 64;

/** Returns whether clients see a name. */
export function isShown(name: string): boolean {
  return !name.startsWith(TEMPORARY_PREFIX);
}

/** Yields the files and directories in a directory, in batches. @param isMeant filter by the name of an entry */
export async function* entriesIn(
  directory: Directory,
  isMeant: (name: string) => boolean,
  sorting?: Sorting,
): AsyncGenerator<Entry[]> {
  const names = namesOf(directory, isMeant);
  const inOrder = sorting === undefined ? names : sortedNames(names, BATCH, sorting);
  for await (const some of inOrder) yield await look(directory, some);
}

async function* namesOf(directory: Directory, isMeant: (name: string) => boolean): AsyncGenerator<string[]> {
  for await (const names of directory.names(BATCH)) yield names.filter(isMeant);
}

/** The visible entries among the names, without entries that were removed in the meantime. */
async function look(directory: Directory, names: readonly string[]): Promise<Entry[]> {
  const all = await directory.lstatAll(names);
  return names.flatMap((name, index) => {
    const stats = all[index];
    return (stats && entryOf(name, stats)) ?? [];
  });
}
