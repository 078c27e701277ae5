import type { Dir, Dirent } from "node:fs";
import * as promises from "node:fs/promises";
import { decodeBytes, hasEscapedBytes } from "../../../../common/escaped-bytes.ts";
import type { IoScheduler } from "./io-scheduler.ts";

/** Node's types lack the encoding "buffer" here. */
const opendir: (path: string, options: object) => Promise<Dir> = promises.opendir;

/** Replacement of Node for bytes that are not UTF-8. */
const REPLACEMENT = "\ufffd";

/**
 * Yields the names in a directory, at most `count` at a time, in the form of `decodeBytes`. They have the order of the directory, but
 * names that are not UTF-8 can come last. Reading names as text takes half the time of reading bytes. Therefore the directory is read
 * again as bytes only if it has such names.
 */
export async function* readNames(
  path: string,
  count: number,
  scheduler: IoScheduler,
): AsyncGenerator<string[]> {
  // When a network volume reports no file types, Node looks up each entry by its name, which fails for a replaced name.
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

/** Opens a directory for reading entries with their types. `nameOf` returns the name of an entry. */
export function openNames(path: string): Promise<Dir> {
  return opendir(path, { encoding: "buffer" });
}

/** Returns the name of an entry. The types of Node say that it is text, also for the encoding "buffer". */
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
