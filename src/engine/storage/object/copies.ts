import { EngineError } from "../../errors.ts";
import { EMPTY, newIdentity } from "./bodies.ts";
import { checkUnchanged, findStored, storeUnder } from "./conditional.ts";
import type { ObjectLimits } from "./limits.ts";
import type { Condition, ObjectFacts, ObjectMetadata, ObjectStore, Part } from "./object-store.ts";
import { pieces } from "./uploads/part-sender.ts";

export interface Copy {
  from: string;
  to: string;
  /** Version of the source to copy. */
  facts: ObjectFacts;
  /** Metadata of the copy. Defaults to the metadata of the source. */
  metadata?: ObjectMetadata;
  /** Required state of `to`. Without a condition, the copy replaces an existing object. */
  condition?: Condition["condition"];
  /** Signal that aborts a multipart copy between two parts. */
  signal?: AbortSignal | undefined;
}

/**
 * Copies an object inside the service. Returns the ETag of the copy, or undefined if another object has already
 * replaced the copy.
 */
export async function copyObject(
  store: ObjectStore,
  limits: ObjectLimits,
  copy: Copy,
): Promise<string | undefined> {
  const { from, to, facts, metadata, condition } = copy;
  // Some services ignore conditions on the target key of CopyObject.
  if (condition !== undefined && facts.size === 0) return await putEmpty(store, copy);
  if (condition !== undefined || facts.size > limits.copyObjectBytes)
    return await copyInParts(store, limits, copy);
  return (await store.copy({ key: from, etag: facts.etag }, to, metadata)).etag;
}

/**
 * Stores an empty object with the metadata of an empty source. This request does not read the source, so the function
 * checks afterward that the source is unchanged. The source and the copy must have different keys, because the function
 * can remove the copy.
 * @throws EngineError NotFound or Conflict if another session has removed or replaced the source, or StorageUnavailable
 *   if the lookup failed. In each case, the function removes the copy.
 */
async function putEmpty(
  store: ObjectStore,
  { from, to, facts, metadata: given, condition }: Copy,
): Promise<string | undefined> {
  const metadata = newIdentity(given ?? facts.metadata);
  try {
    await storeUnder(store, to, condition, (now) => store.put(to, EMPTY, { metadata, condition: now }));
  } catch (error) {
    if ((await findStored(store, to, metadata)) === undefined) throw error;
  }
  try {
    await checkUnchanged(store, from, facts);
  } catch (error) {
    // If the removal fails, the copy remains. The rename fails in either case.
    const stored = await findStored(store, to, metadata);
    if (stored !== undefined) await store.remove(to, stored.etag).catch(() => undefined);
    throw error;
  }
  return (await findStored(store, to, metadata))?.etag;
}

/** Copies an object with a multipart upload, which Amazon S3 requires for objects larger than 5 GiB. */
async function copyInParts(
  store: ObjectStore,
  limits: ObjectLimits,
  { from, to, facts, metadata: given, condition, signal }: Copy,
): Promise<string | undefined> {
  const metadata = newIdentity(given ?? facts.metadata);
  // A copy to its own key must not replace a version that another session has stored since the last part.
  const required = condition ?? (from === to ? { etag: facts.etag } : undefined);
  const upload = { key: to, uploadId: await store.multipart.create(to, { metadata, hasChecksum: false }) };
  const source = { key: from, etag: facts.etag };
  const { size: bytes } = facts;
  const parts: Part[] = [];
  try {
    for (const range of pieces(bytes, limits)) {
      signal?.throwIfAborted();
      const target = { ...upload, number: parts.length + 1 };
      parts.push(await store.multipart.copyPart(target, { ...source, ...range }));
    }
    await checkUnchanged(store, from, facts);
    await storeUnder(store, to, required, (now) =>
      store.multipart.complete(upload, parts, { bytes, crc32: undefined, condition: now }),
    );
  } catch (error) {
    const stored = await findStored(store, to, metadata);
    if (stored?.size === bytes) return stored.etag;
    await store.multipart.abort(upload).catch(() => undefined);
    throw error;
  }
  const found = await findStored(store, to, metadata);
  if (found !== undefined && found.size !== bytes)
    throw new EngineError("Internal", `The object storage copied ${found.size} of ${bytes} bytes`);
  return found?.etag;
}
