import type { Stats } from "node:fs";
import { EngineError } from "../../../errors.ts";
import { TEMPORARY_PREFIX } from "../../path.ts";
import { sortedNames } from "./sorted-names.ts";
import { EARLIEST_TIME, type Entry, LATEST_TIME, type Sorting } from "../../storage.ts";
import type { Directory } from "../system/directory.ts";

/** Number of entries in one batch of lookups. */
const BATCH = 64;
const MODE_BITS = 0o777;

/** Returns whether clients can see an entry with this name. Clients cannot see running and incomplete uploads. */
export function isShown(name: string): boolean {
  return !name.startsWith(TEMPORARY_PREFIX);
}

/**
 * Yields the entries of a directory in batches.
 * @param isIncluded filters entries by name
 */
export async function* entriesIn(
  directory: Directory,
  isIncluded: (name: string) => boolean,
  sorting?: Sorting,
): AsyncGenerator<Entry[]> {
  const names = namesOf(directory, isIncluded);
  const inOrder = sorting === undefined ? names : sortedNames(names, BATCH, sorting);
  for await (const some of inOrder) yield await lookUp(directory, some);
}

async function* namesOf(
  directory: Directory,
  isIncluded: (name: string) => boolean,
): AsyncGenerator<string[]> {
  for await (const names of directory.names(BATCH)) yield names.filter(isIncluded);
}

/** Returns the visible entries with the given names. Omits entries that no longer exist. */
async function lookUp(directory: Directory, names: readonly string[]): Promise<Entry[]> {
  const all = await directory.lstatAll(names);
  const entries: Entry[] = [];
  for (const [index, stats] of all.entries()) {
    const entry = stats && entryOf(names[index] ?? "", stats);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/**
 * Returns a file or directory as an entry for clients. Returns undefined for links, devices, sockets and pipes, which
 * are always hidden. Replaces a time before the year 0 or after the year 9999 with the nearest time in this range.
 */
export function entryOf(name: string, stats: Stats): Entry | undefined {
  const isFile = stats.isFile();
  if (!isFile && !stats.isDirectory()) return undefined;
  return {
    name,
    type: isFile ? "File" : "Directory",
    size: isFile ? stats.size : 0,
    modified: new Date(Math.min(LATEST_TIME, Math.max(EARLIEST_TIME, Math.round(stats.mtimeMs)))),
    unique: uniqueOf(stats),
    mode: stats.mode & MODE_BITS,
  };
}

/**
 * Like `entryOf`, but throws for an entry type that is always hidden.
 * @throws EngineError NotFound
 */
export function visibleEntry(name: string, stats: Stats): Entry {
  const entry = entryOf(name, stats);
  if (entry === undefined) throw new EngineError("NotFound", "No such file or directory");
  return entry;
}

/** Returns the identity of a file or directory in the format of `Entry.unique`. */
export function uniqueOf({ dev, ino }: Stats): string {
  return `${dev.toString(16)}g${ino.toString(16)}`;
}
