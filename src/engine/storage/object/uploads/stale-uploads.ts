import { setTimeout as sleep } from "node:timers/promises";
import { toEngineError } from "../../../errors.ts";
import { PARTIAL_MAX_AGE } from "../../uploads/incomplete-uploads.ts";
import type { ReservedKeys } from "../keys.ts";
import { pagesOf } from "../listing.ts";
import type { ObjectStore } from "../object-store.ts";
import { removeStateAt } from "./partials.ts";

/** Time in milliseconds between two runs. */
const CLEANUP_PERIOD = 6 * 3600 * 1000;

/** Removes stale uploads immediately and then periodically, until the signal is aborted. */
export async function keepRemovingStaleUploads(
  store: ObjectStore,
  prefix: string,
  reserved: ReservedKeys,
  signal: AbortSignal,
  done: (result: number | Error) => void,
): Promise<void> {
  while (!signal.aborted) {
    done(await removeStaleUploads(store, prefix, reserved).catch((error: unknown) => toEngineError(error)));
    await sleep(CLEANUP_PERIOD, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/**
 * Removes incomplete uploads whose last part is older than `PARTIAL_MAX_AGE`, including multipart uploads that remain
 * after a crash. Also removes undelivered events of the same age. Parts occupy space, but object listings do not
 * contain them.
 * @param prefix prefix of all homes, without a leading or trailing slash
 * @returns number of removed uploads
 */
export async function removeStaleUploads(
  store: ObjectStore,
  prefix: string,
  reserved: ReservedKeys,
  now = Date.now(),
): Promise<number> {
  const limit = now - PARTIAL_MAX_AGE;
  let removed = await removeUploads(store, prefix === "" ? "" : `${prefix}/`, limit);
  for (const below of [reserved.incomplete, reserved.checks])
    removed += await removeObjects(store, below, limit, (key) => removeStateAt(store, key));
  // An engine without notifications never delivers events that an earlier engine process left in the bucket.
  await removeObjects(store, reserved.events, limit, (key) => store.remove(key));
  return removed;
}

/** Removes objects with a prefix that are older than a limit. */
async function removeObjects(
  store: ObjectStore,
  prefix: string,
  limit: number,
  remove: (key: string) => Promise<void>,
): Promise<number> {
  let removed = 0;
  for await (const { objects } of pagesOf(store, prefix))
    for (const { key } of objects.filter(({ modified }) => modified.getTime() <= limit)) {
      await remove(key);
      removed += 1;
    }
  return removed;
}

async function removeUploads(store: ObjectStore, prefix: string, limit: number): Promise<number> {
  let removed = 0;
  for await (const uploads of store.multipart.list(prefix))
    for (const upload of uploads.filter(({ startedAt }) => startedAt <= limit)) {
      const last = await store.multipart.lastPart(upload);
      if (last === undefined || last > limit) continue;
      await store.multipart.abort(upload);
      removed += 1;
    }
  return removed;
}
