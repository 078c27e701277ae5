import { Semaphore } from "../../../common/semaphore.ts";
import { EngineError } from "../../errors.ts";
import { fileExists } from "../uploads/incomplete-uploads.ts";
import type { Replaces } from "../storage.ts";
import { putMarker } from "./bodies.ts";
import { isCode } from "./conditional.ts";
import { copyObject } from "./copies.ts";
import type { ObjectLimits } from "./limits.ts";
import { pagesOf } from "./listing.ts";
import { type ListedObject, type ObjectFacts, type ObjectStore, REMOVED_TOGETHER } from "./object-store.ts";

/**
 * Copies an object to a new key and removes the original.
 * @throws EngineError AlreadyExists if `to` has an object that `replaces` does not permit to replace
 */
export async function moveObject(
  store: ObjectStore,
  limits: ObjectLimits,
  source: { from: string; facts: ObjectFacts },
  to: string,
  replaces: Replaces,
): Promise<void> {
  const { from, facts } = source;
  try {
    const condition = replaces === "Nothing" ? "Absent" : undefined;
    await copyObject(store, limits, { from, to, facts, ...(condition && { condition }) });
  } catch (error) {
    if (replaces === "Nothing" && isCode(error, "Conflict") && (await store.head(to)) !== undefined)
      throw fileExists(false, error);
    throw error;
  }
  // Keeps a new version that another session has stored during the copy. Some services ignore the condition of a
  // removal.
  if ((await store.head(from))?.etag === facts.etag)
    await store.remove(from, facts.etag).catch((error: unknown) => {
      if (!isCode(error, "Conflict")) throw error;
    });
}

/**
 * Moves all objects with a prefix. Removes the originals only after all copies succeed. If a copy fails, removes all
 * copies and keeps the originals.
 * @throws EngineError NotSupported if the number of objects exceeds the limit
 */
export async function movePrefix(
  store: ObjectStore,
  limits: ObjectLimits,
  from: string,
  to: string,
): Promise<void> {
  const objects = await objectsBelow(store, limits, from);
  const copied: string[] = [];
  const semaphore = new Semaphore(limits.renameConcurrency);
  let failure: unknown;
  await Promise.all(
    objects.map((object) =>
      semaphore.run(async () => {
        if (failure !== undefined) return;
        const target = `${to}${object.key.slice(from.length)}`;
        copied.push(target);
        await copyListed(store, limits, object, target).catch((error: unknown) => (failure ??= error));
      }),
    ),
  );
  if (failure !== undefined) {
    await removeKeys(store, copied).catch(() => undefined);
    throw failure;
  }
  await removeKeys(store, await unchangedKeys(store, limits, from, objects));
}

/** Returns the keys whose objects have not changed since the copy. Newer versions must remain. */
async function unchangedKeys(
  store: ObjectStore,
  limits: ObjectLimits,
  prefix: string,
  objects: readonly ListedObject[],
): Promise<string[]> {
  const versions = new Map(objects.map(({ key, etag }) => [key, etag]));
  const now = await objectsBelow(store, { ...limits, renamedObjects: Infinity }, prefix);
  return now.filter(({ key, etag }) => versions.get(key) === etag).map(({ key }) => key);
}

async function objectsBelow(
  store: ObjectStore,
  limits: ObjectLimits,
  prefix: string,
): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  for await (const { objects } of pagesOf(store, prefix)) {
    found.push(...objects);
    if (found.length > limits.renamedObjects)
      throw new EngineError(
        "NotSupported",
        `Directories with more than ${limits.renamedObjects} objects cannot be renamed in object storage`,
      );
  }
  return found;
}

async function copyListed(
  store: ObjectStore,
  limits: ObjectLimits,
  { key: from, size, etag, modified }: ListedObject,
  to: string,
): Promise<void> {
  // Some services do not copy the marker of a directory.
  if (from.endsWith("/") && size === 0) return await putMarker(store, to);
  const isLarge = size > limits.copyObjectBytes;
  const facts = isLarge ? await store.head(from) : undefined;
  const listed = {
    size,
    etag,
    modified,
    metadata: { user: {} },
    crc32: undefined,
    digests: new Map<string, string>(),
  };
  await copyObject(store, limits, { from, to, facts: facts ?? listed });
}

async function removeKeys(store: ObjectStore, keys: readonly string[]): Promise<void> {
  // Removes the longest keys first, because services on file systems keep a directory that contains files.
  const order = keys.toSorted((one, other) => other.length - one.length);
  for (let start = 0; start < order.length; start += REMOVED_TOGETHER)
    await store.removeAll(order.slice(start, start + REMOVED_TOGETHER));
}
