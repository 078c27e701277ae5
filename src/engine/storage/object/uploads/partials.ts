import { setTimeout as sleep } from "node:timers/promises";
import { EngineError } from "../../../errors.ts";
import { bodyOf } from "../bodies.ts";
import { isCode } from "../conditional.ts";
import type { HomeKeys, ReservedKeys } from "../keys.ts";
import type { ListedObject, ObjectStore } from "../object-store.ts";
import { formatState, parseState, type PartialState } from "./partial-state.ts";

/**
 * Identifies the incomplete upload of one account to one key. A small state object under a reserved prefix describes
 * the upload. The key of the state object ends with the number of bytes in complete parts. If this number is 0, the
 * state object is a replacement marker, which shows that an upload has started to replace a file.
 */
export interface PartialOf {
  store: ObjectStore;
  reserved: ReservedKeys;
  keys: HomeKeys;
  /** Key of the uploaded file. */
  key: string;
  /** The value is undefined for accounts that keep no incomplete uploads, such as `anonymous`. */
  account: string | undefined;
}

/** Properties of a state object, without its content. */
export interface FoundPartial {
  readonly stateKey: string;
  readonly etag: string;
  readonly bytes: number;
  readonly modified: Date;
}

/** Maximum size of a state object in bytes. This size is sufficient for an upload with the maximum number of parts. */
const MAX_STATE_BYTES = 4 * 1024 * 1024;

/** Maximum number of attempts to store a state object if the service removes the parent directory at the same time. */
const STATE_ATTEMPTS = 3;
/** Pause in milliseconds before the second attempt. */
const STATE_PAUSE = 50;

/** Returns the account's state object, which either describes an incomplete upload or is a replacement marker. */
export async function findState(of: PartialOf): Promise<FoundPartial | undefined> {
  const prefix = prefixOf(of);
  if (prefix === undefined) return undefined;
  const { objects } = await of.store.list(prefix, { max: 10 });
  return objects.map((one) => foundIn(one)).toSorted((one, other) => other.bytes - one.bytes)[0];
}

/**
 * Returns the state object of an incomplete upload. Returns undefined if the account has no state object or only a
 * replacement marker.
 */
export async function findPartial(of: PartialOf): Promise<FoundPartial | undefined> {
  const found = await findState(of);
  return found !== undefined && found.bytes > 0 ? found : undefined;
}

/** Returns the number of bytes in complete parts. The state key ends with this number. */
export function bytesOfState(stateKey: string): number {
  const bytes = Number(stateKey.slice(stateKey.lastIndexOf(".") + 1));
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : 0;
}

/**
 * Claims an incomplete upload. Removes its state object, so that no other session or engine can resume the upload.
 * @throws EngineError AlreadyExists if another session has claimed the upload, NotFound if the state object is invalid
 */
export async function takeState(of: PartialOf, found: FoundPartial): Promise<PartialState> {
  const state = parseState(await readAll(of.store, found));
  try {
    await of.store.put(found.stateKey, bodyOf("{}"), { condition: { etag: found.etag } });
  } catch (error) {
    if (!(error instanceof EngineError && ["Conflict", "NotFound"].includes(error.code))) throw error;
    throw new EngineError("AlreadyExists", "Another session resumed the incomplete upload. Send SIZE again", {
      cause: error,
    });
  }
  await of.store.remove(found.stateKey);
  if (state === undefined) throw new EngineError("NotFound", "No such file or directory");
  return state;
}

/** Stores the state of an incomplete upload and removes earlier state objects. */
export async function keepState(of: PartialOf, state: PartialState): Promise<void> {
  const prefix = prefixOf(of);
  if (prefix === undefined) return;
  const bytes = state.parts.reduce((sum, { size }) => sum + size, 0);
  const stateKey = `${prefix}${bytes}`;
  await putState(of.store, stateKey, formatState(state));
  const { objects } = await of.store.list(prefix, { max: 10 });
  for (const { key } of objects) if (key !== stateKey) await removeStateAt(of.store, key);
}

/**
 * Stores a replacement marker when an upload starts to replace a file. The marker remains after a broken upload or an
 * engine crash. Without the marker, a client could use the size of the old file as the offset for a resume.
 */
export async function markReplacing(of: PartialOf): Promise<void> {
  const prefix = prefixOf(of);
  if (prefix !== undefined) await putState(of.store, `${prefix}0`, "{}");
}

/**
 * Stores a state object. Services that use a file system remove a directory together with its last object. If another
 * session removes the last state object at the same time, the request can fail. The engine then retries the request.
 */
async function putState(store: ObjectStore, key: string, content: string): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      await store.put(key, bodyOf(content));
      return;
    } catch (error) {
      if (!isCode(error, "PermissionDenied") || tries === STATE_ATTEMPTS) throw error;
      await sleep(STATE_PAUSE * tries);
    }
}

/**
 * Removes an account's incomplete upload and replacement marker. Returns the removed bytes, or undefined if the account
 * had no incomplete upload.
 */
export async function removePartial(of: PartialOf): Promise<number | undefined> {
  const prefix = prefixOf(of);
  if (prefix === undefined) return undefined;
  const { objects } = await of.store.list(prefix, { max: 10 });
  for (const { key } of objects) await removeStateAt(of.store, key);
  const bytes = Math.max(0, ...objects.map(({ key }) => bytesOfState(key)));
  return bytes > 0 ? bytes : undefined;
}

/** Removes a state object, and the parts of the incomplete upload that it describes. */
export async function removeStateAt(store: ObjectStore, stateKey: string): Promise<void> {
  const facts = bytesOfState(stateKey) > 0 ? await store.head(stateKey) : undefined;
  const state = facts && parseState(await readAll(store, { stateKey, etag: facts.etag }));
  if (state !== undefined) await store.multipart.abort(state);
  await store.remove(stateKey);
}

/**
 * Returns the key prefix of an account's state objects for a file, split into a directory prefix and the beginning of
 * the names.
 */
export function stateLocation(of: PartialOf): { directory: string; beginning: string } | undefined {
  const prefix = prefixOf(of);
  if (prefix === undefined) return undefined;
  const end = prefix.lastIndexOf("/") + 1;
  return { directory: prefix.slice(0, end), beginning: prefix.slice(end) };
}

function prefixOf({ reserved, keys, key, account }: PartialOf): string | undefined {
  return account === undefined ? undefined : reserved.ofFile(keys, key, account);
}

function foundIn({ key, etag, modified }: ListedObject): FoundPartial {
  return { stateKey: key, etag, modified, bytes: bytesOfState(key) };
}

async function readAll(
  store: ObjectStore,
  { stateKey, etag }: Pick<FoundPartial, "stateKey" | "etag">,
): Promise<string> {
  const stream = await store.get(stateKey, { offset: 0, etag }, AbortSignal.timeout(60_000));
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > MAX_STATE_BYTES) break;
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString();
}
