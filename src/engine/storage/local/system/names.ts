import type { Dir, Dirent } from "node:fs";
import * as promises from "node:fs/promises";
import { decodeBytes, hasEscapedBytes } from "../../../../common/escaped-bytes.ts";
import type { IoScheduler } from "./io-scheduler.ts";

/** The Node.js type definitions lack the encoding `buffer` for this function. */
const opendir: (path: string, options: object) => Promise<Dir> = promises.opendir;

/** Replacement character that Node.js substitutes for bytes that are not valid UTF-8. */
const REPLACEMENT = "\ufffd";

/**
 * Yields the names in a directory in batches of at most `count`, encoded as in `decodeBytes`. Names are in directory
 * order, except that names that are not valid UTF-8 can be at the end. Reading names as text takes half as long as
 * reading names as bytes. The function therefore reads the directory again as bytes only if some names are not valid
 * UTF-8.
 */
export async function* readNames(
  path: string,
  count: number,
  scheduler: IoScheduler,
): AsyncGenerator<string[]> {
  // If a network volume reports no file types, Node.js looks up each entry by name. This lookup fails for a name that
  // contains the replacement character.
  if (!scheduler.isLocal) return yield* readAll(path, count, "buffer", scheduler);
  let isComplete = true;
  for await (const names of readAll(path, count, "utf8", scheduler)) {
    const intact = names.filter((name) => !name.includes(REPLACEMENT));
    if (intact.length < names.length) isComplete = false;
    if (intact.length > 0) yield intact;
  }
  if (isComplete) return;
  for await (const names of readAll(path, count, "buffer", scheduler)) {
    const damaged = names.filter((name) => hasEscapedBytes(name) || name.includes(REPLACEMENT));
    if (damaged.length > 0) yield damaged;
  }
}

/** Opens a directory for reading names and types. `nameOf` returns the name of an entry. */
export function openNames(path: string): Promise<Dir> {
  return opendir(path, { encoding: "buffer" });
}

/** Returns the name of an entry. The Node.js type definitions declare the name as text even for encoding `buffer`. */
export function nameOf({ name }: { name: unknown }): string {
  return name instanceof Uint8Array ? decodeBytes(name) : String(name);
}

async function* readAll(
  path: string,
  count: number,
  encoding: "utf8" | "buffer",
  scheduler: IoScheduler,
): AsyncGenerator<string[]> {
  const directory = await opendir(path, { bufferSize: count, encoding });
  try {
    for (;;) {
      const names = await scheduler.call(
        () => read(directory, count),
        () => readOnThread(directory, count),
      );
      if (names.length > 0) yield names;
      if (names.length < count) return;
    }
  } finally {
    await directory.close();
  }
}

function read(directory: Dir, count: number): string[] {
  const names: string[] = [];
  for (let entry: Dirent | null; names.length < count && (entry = directory.readSync()) !== null; )
    names.push(nameOf(entry));
  return names;
}

async function readOnThread(directory: Dir, count: number): Promise<string[]> {
  const names: string[] = [];
  for (let entry: Dirent | null; names.length < count && (entry = await directory.read()) !== null; )
    names.push(nameOf(entry));
  return names;
}
