import { setTimeout as sleep } from "node:timers/promises";
import { toEngineError } from "../../../errors.ts";
import { Directory } from "../system/directory.ts";
import { nameOf } from "../system/names.ts";
import { PARTIAL_MAX_AGE } from "../../uploads/incomplete-uploads.ts";
import { isPartial } from "./partials.ts";
import { TEMPORARY_PREFIX } from "../../path.ts";
import { walk } from "../listing/walk.ts";

/**
 * Minimum age in milliseconds of abandoned temporary files. Temporary files can also belong to running uploads of other
 * engines on the volume, but such uploads write far more often.
 */
const TEMPORARY_MAX_AGE = 24 * 3600 * 1000;
/** Maximum number of directories searched per run. In a larger tree, a run can miss some stale uploads. */
const MAX_DIRECTORIES = 1_000_000;
/** Time in milliseconds between two runs. */
const CLEANUP_PERIOD = 6 * 3600 * 1000;

/**
 * Removes stale uploads immediately and then once per period until the signal is aborted.
 * @param done called after each run with the number of removed files or the error
 */
export async function keepRemovingStaleUploads(
  root: string,
  signal: AbortSignal,
  done: (result: number | Error) => void,
  period = CLEANUP_PERIOD,
): Promise<void> {
  while (!signal.aborted) {
    done(await removeStaleUploads(root).catch((error: unknown) => toEngineError(error)));
    await sleep(period, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/**
 * Removes expired partial uploads, and temporary files that remain after a crash.
 * @returns number of removed files
 */
export async function removeStaleUploads(root: string, now = Date.now()): Promise<number> {
  let removed = 0;
  let searched = 0;
  const base = await Directory.openRoot(root);
  try {
    const all = walk(base, (directory, waiting) => removeFrom(directory, waiting, now));
    for await (const count of all) {
      removed += count;
      if (++searched === MAX_DIRECTORIES) break;
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
      else if (entry.isFile() && (await isStale(directory, name, now)))
        removed += await remove(directory, name);
    }
  } catch {
    // The walk ignores the error and continues with the next directory.
  }
  yield removed;
}

/**
 * Removes a file. Returns the number of removed files. The number is 0 after any error, for example if another engine
 * has removed the file.
 */
function remove(directory: Directory, name: string): Promise<number> {
  return directory.unlink(name).then(
    () => 1,
    () => 0,
  );
}

async function isStale(directory: Directory, name: string, now: number): Promise<boolean> {
  if (!name.startsWith(TEMPORARY_PREFIX)) return false;
  const stats = await directory.lstat(name).catch(() => undefined);
  const maxAge = isPartial(name) ? PARTIAL_MAX_AGE : TEMPORARY_MAX_AGE;
  return stats !== undefined && now - stats.mtimeMs > maxAge;
}
