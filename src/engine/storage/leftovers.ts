import type { Dirent } from "node:fs";
import { lstat, opendir, type OpenFile, unlink } from "./system-calls.ts";
import { openDirectory, pathIn } from "./contained.ts";
import { TEMPORARY_PREFIX } from "./path.ts";
import { walk } from "./walk.ts";

/** Other engines may share the volume: an upload that is alive touches its file far more often than this. */
const DEAD_AFTER_MILLISECONDS = 24 * 3600 * 1000;
/** Directories looked into; a larger tree is not worth more time at start. */
const MAX_DIRECTORIES = 10_000;

/**
 * Removes temporary files of uploads that a crash has ended.
 * @returns how many there were
 */
export async function removeLeftovers(root: string, now = Date.now()): Promise<number> {
  let removed = 0;
  let looked = 0;
  const base = await openDirectory(root);
  try {
    const all = walk(base, (directory, waiting) => removeFrom(directory, waiting, now));
    for await (const count of all) {
      removed += count;
      if (++looked === MAX_DIRECTORIES) break;
    }
  } finally {
    await base.close();
  }
  return removed;
}

async function* removeFrom(directory: OpenFile, waiting: string[], now: number): AsyncGenerator<number> {
  let removed = 0;
  try {
    for await (const entry of await opendir(pathIn(directory))) {
      if (entry.isDirectory()) waiting.push(entry.name);
      else if (await isDead(entry, pathIn(directory, entry.name), now))
        removed += await remove(pathIn(directory, entry.name));
    }
  } catch {
    // A directory that cannot be read to its end ends its own turn, not the walk.
  }
  yield removed;
}

/** @returns how many were removed; none when that fails, as for a file that another engine has just removed */
function remove(path: string): Promise<number> {
  return unlink(path).then(
    () => 1,
    () => 0,
  );
}

async function isDead(entry: Dirent, path: string, now: number): Promise<boolean> {
  if (!entry.isFile() || !entry.name.startsWith(TEMPORARY_PREFIX)) return false;
  const stats = await lstat(path).catch(() => undefined);
  return stats !== undefined && now - stats.mtimeMs > DEAD_AFTER_MILLISECONDS;
}
