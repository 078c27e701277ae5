import { EngineError } from "../../errors.ts";
import type { Condition, ObjectFacts, ObjectMetadata, ObjectStore, Stored } from "./object-store.ts";
import { nothingThere } from "../uploads/incomplete-uploads.ts";
import { isSameUpload } from "./bodies.ts";

/**
 * Stores an object if the current state of its key meets a condition. If the service does not support conditional
 * requests, this function checks the condition before it sends the request.
 * @param send sends the request that makes the object visible
 * @throws EngineError Conflict if the state of the key does not meet the condition
 */
export async function storeUnder(
  store: ObjectStore,
  key: string,
  condition: Condition["condition"],
  send: (condition: Condition["condition"]) => Promise<Stored>,
): Promise<void> {
  try {
    await send(condition);
  } catch (error) {
    if (!isCode(error, "NotSupported") || condition === undefined) throw error;
    const now = await store.head(key);
    const isMet = condition === "Absent" ? now === undefined : now?.etag === condition.etag;
    if (!isMet) throw changedConcurrently(error);
    await send(undefined);
  }
}

/**
 * Returns the object that a failed request has stored nevertheless, for example because only the response was lost.
 * @returns undefined if the key has no object, if the object comes from a different upload, or if the lookup fails
 */
export async function findStored(
  store: ObjectStore,
  key: string,
  metadata: ObjectMetadata,
): Promise<ObjectFacts | undefined> {
  const facts = await store.head(key).catch(() => undefined);
  return facts !== undefined && isSameUpload(facts.metadata, metadata) ? facts : undefined;
}

/**
 * Checks that the properties of an object are those of one version. Some services, such as versitygw, read the size and
 * the ETag separately, so during an upload a lookup can return the size of the old version and the ETag of the new
 * version. A later lookup returns the size of the new version or a later ETag.
 * @throws EngineError NotFound or Conflict if another session has removed or replaced the object
 */
export async function checkUnchanged(store: ObjectStore, key: string, facts: ObjectFacts): Promise<void> {
  const now = await store.head(key);
  if (now === undefined) throw nothingThere();
  if (now.etag !== facts.etag || now.size !== facts.size) throw changedConcurrently();
}

function changedConcurrently(cause?: unknown): EngineError {
  return new EngineError("Conflict", "The file was changed concurrently", { cause });
}

export function isCode(error: unknown, ...codes: readonly EngineError["code"][]): error is EngineError {
  return error instanceof EngineError && codes.includes(error.code);
}
