import { EngineError } from "../../errors.ts";
import type { Condition, ObjectFacts, ObjectMetadata, ObjectStore, Stored } from "./object-store.ts";
import { isSameUpload } from "./bodies.ts";

/**
 * Stores an object under a condition. If the server does not support conditions, the engine checks the key and sends the request
 * again without the condition.
 * @param send sends the request that makes the object visible
 * @throws EngineError Conflict when the condition is not met
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
    if (!isMet) throw new EngineError("Conflict", "The file was changed at the same time", { cause: error });
    await send(undefined);
  }
}

/**
 * Looks up whether a failed request had an effect. The answer to the request can be lost, and a repetition then fails.
 * @returns the stored object. Undefined without an object of this upload, and when the lookup fails.
 */
export async function findStored(
  store: ObjectStore,
  key: string,
  metadata: ObjectMetadata,
): Promise<ObjectFacts | undefined> {
  const facts = await store.head(key).catch(() => undefined);
  return facts !== undefined && isSameUpload(facts.metadata, metadata) ? facts : undefined;
}

export function isCode(error: unknown, ...codes: readonly EngineError["code"][]): error is EngineError {
  return error instanceof EngineError && codes.includes(error.code);
}
