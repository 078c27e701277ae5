import { Semaphore } from "../../../common/semaphore.ts";
import { EngineError, toEngineError } from "../../errors.ts";
import { fileExists, nothingThere } from "../uploads/incomplete-uploads.ts";
import type { RenameControl, Replaces } from "../storage.ts";
import { putMarker } from "./bodies.ts";
import { isCode } from "./conditional.ts";
import { copyObject } from "./copies.ts";
import type { ObjectLimits } from "./limits.ts";
import { pagesOf } from "./listing.ts";
import { type ListedObject, type ObjectFacts, type ObjectStore, REMOVED_TOGETHER } from "./object-store.ts";

/**
 * Copies an object to a new key and removes the original.
 * @throws EngineError AlreadyExists if `to` exists and `replaces` does not permit its replacement
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
    // A service can complete a copy but report a missing source, because another session has just removed the source.
    // `copyObject` itself detects this case for a copy that must not replace a file. An ETag would not identify this
    // copy, because an object of another session can have the same ETag.
    const isCopied = async (): Promise<boolean> => (await store.head(to))?.etag === facts.etag;
    if (replaces !== "Nothing" && isCode(error, "NotFound") && (await isCopied())) return;
    throw error;
  }
  // The removal keeps a new version that another session has stored during the copy. Some services ignore the condition
  // in a removal request.
  if ((await store.head(from))?.etag === facts.etag)
    await store.remove(from, facts.etag).catch((error: unknown) => {
      if (!isCode(error, "Conflict")) throw error;
    });
}

/**
 * Moves all objects with a prefix to another prefix. Removes the originals only after all copies have succeeded. If a
 * copy fails or the rename is aborted, removes all copies and keeps the originals.
 * @throws EngineError NotSupported if the number of objects exceeds `renamedObjects`
 */
export async function movePrefix(
  { store, limits, control }: MoveContext,
  from: string,
  to: string,
): Promise<void> {
  const objects = await objectsBelow(store, limits, from);
  const copies = new PrefixCopies({ store, limits, control }, from, to);
  try {
    await copies.copyAll(objects);
  } catch (error) {
    throw await copies.undo(error);
  }
  try {
    await removeKeys(store, await unchangedKeys(store, limits, from, objects));
  } catch (error) {
    const { code } = toEngineError(error);
    const text =
      "The directory has its new name, but not all originals were removed. Remove the old directory";
    throw new EngineError(code, text, { cause: error });
  }
}

export interface MoveContext {
  store: ObjectStore;
  limits: ObjectLimits;
  control: RenameControl | undefined;
}

/** Number of copies between two pauses, as a multiple of the number of concurrent copies. */
const ROUNDS_PER_PAUSE = 4;

/** Copies the objects with a prefix, and records the copies. */
class PrefixCopies {
  readonly #context: MoveContext;
  readonly #from: string;
  readonly #to: string;
  /**
   * ETags of the copies, keyed by the key of the copy. The value is undefined for a copy that another object has
   * replaced.
   */
  readonly #etags = new Map<string, string | undefined>();
  #copied = 0;

  constructor(context: MoveContext, from: string, to: string) {
    this.#context = context;
    this.#from = from;
    this.#to = to;
  }

  async copyAll(objects: readonly ListedObject[]): Promise<void> {
    const { limits, control } = this.#context;
    const semaphore = new Semaphore(limits.renameConcurrency);
    const step = limits.renameConcurrency * ROUNDS_PER_PAUSE;
    for (let start = 0; start < objects.length; start += step) {
      let failure: unknown;
      await Promise.all(
        objects.slice(start, start + step).map((object) =>
          semaphore.run(async () => {
            if (failure !== undefined) return;
            await this.#copy(object).catch((error: unknown) => (failure ??= error));
            control?.progress(this.#copied, objects.length);
          }),
        ),
      );
      if (failure !== undefined) throw failure;
      await control?.pause();
    }
    control?.signal.throwIfAborted();
  }

  /**
   * Removes the copies, but keeps files that other sessions have stored. Returns the error with which the rename fails.
   */
  async undo(cause: unknown): Promise<EngineError> {
    const { store, limits, control } = this.#context;
    const { code, message } = toEngineError(cause);
    const text = control?.signal.aborted === true ? "Rename aborted" : message;
    try {
      const now = await objectsBelow(store, { ...limits, renamedObjects: Infinity }, this.#to);
      const own = now.filter(({ key, etag }) => this.#etags.get(key) === etag);
      await removeKeys(
        store,
        own.map(({ key }) => key),
      );
      return new EngineError(code, `${text}. The directory has its old name`, { cause });
    } catch {
      const remedy = "The directory with the old name is complete. Remove the directory with the new name";
      return new EngineError(code, `${text}. ${remedy}`, { cause });
    }
  }

  async #copy(object: ListedObject): Promise<void> {
    const { store, limits, control } = this.#context;
    control?.signal.throwIfAborted();
    const target = `${this.#to}${object.key.slice(this.#from.length)}`;
    // A copy request can fail although the service has stored the copy.
    this.#etags.set(target, object.etag);
    this.#etags.set(target, await copyListed(store, limits, object, { to: target, signal: control?.signal }));
    this.#copied += 1;
  }
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
  { to, signal }: { to: string; signal: AbortSignal | undefined },
): Promise<string | undefined> {
  // Some services do not copy the marker object of a directory.
  if (from.endsWith("/") && size === 0) {
    await putMarker(store, to);
    if ((await store.head(from)) === undefined) throw nothingThere();
    return etag;
  }
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
  return await copyObject(store, limits, { from, to, facts: facts ?? listed, signal });
}

async function removeKeys(store: ObjectStore, keys: readonly string[]): Promise<void> {
  // Removes the longest keys first, because some services use a file system, which cannot remove a directory that
  // contains files.
  const order = keys.toSorted((one, other) => other.length - one.length);
  for (let start = 0; start < order.length; start += REMOVED_TOGETHER)
    await store.removeAll(order.slice(start, start + REMOVED_TOGETHER));
}
