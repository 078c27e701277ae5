import { setTimeout as sleep } from "node:timers/promises";
import { toEngineError } from "../../../errors.ts";
import { Directory } from "../system/directory.ts";
import { nameOf } from "../system/names.ts";
import { isPartial, PARTIAL_MAX_AGE } from "./partials.ts";
import { TEMPORARY_PREFIX } from "../../path.ts";
import { walk } from "../listing/walk.ts";

/** Other engines may share the volume: an upload that is alive touches its file far more often than this. */
const DEAD_AFTER_MILLISECONDS = 24 * 3600 * 1000;
/** Maximum number of directories that one run searches. In a larger tree some leftovers stay. */
const MAX_DIRECTORIES = 1_000_000;
/** Time between two looks, in milliseconds. */
const LEFTOVERS_PERIOD = 6 * 3600 * 1000;

/**
 * Removes leftovers immediately and after each period, until the signal is aborted. One run at a time, in the background.
 * @param done called after each run with the number of removed files, or with the error
 */
export async function keepRemovingStaleUploads(
  root: string,
  signal: AbortSignal,
  done: (result: number | Error) => void,
  period = LEFTOVERS_PERIOD,
): Promise<void> {
  while (!signal.aborted) {
    done(await removeStaleUploads(root).catch((error: unknown) => toEngineError(error)));
    await sleep(period, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/**
 * Removes expired incomplete uploads, and temporary files of uploads that a crash has ended.
 * @returns how many there were
 */
export async function removeStaleUploads(root: string, now = Date.now()): Promise<number> {
  let removed = 0;
  let looked = 0;
  const base = await Directory.openRoot(root);
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

async function* removeFrom(directory: Directory, waiting: string[], now: number): AsyncGenerator<number> {
  let removed = 0;
  try {
    for await (const entry of await directory.openNames()) {
      const name = nameOf(entry);
      if (entry.isDirectory()) waiting.push(name);
      else if (entry.isFile() && (await isDead(directory, name, now)))
        removed += await remove(directory, name);
    }
  } catch {
    // A directory that cannot be read to its end ends its own turn, not the walk.
  }
  yield removed;
}

/** @returns how many were removed; none when that fails, as for a file that another engine has just removed */
function remove(directory: Directory, name: string): Promise<number> {
  return directory.unlink(name).then(
    () => 1,
    () => 0,
  );
}

async function isDead(directory: Directory, name: string, now: number): Promise<boolean> {
  if (!name.startsWith(TEMPORARY_PREFIX)) return false;
  const stats = await directory.lstat(name).catch(() => undefined);
  const maxAge = isPartial(name) ? PARTIAL_MAX_AGE : DEAD_AFTER_MILLISECONDS;
  return stats !== undefined && now - stats.mtimeMs > maxAge;
}
