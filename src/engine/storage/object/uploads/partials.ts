import { EngineError } from "../../../errors.ts";
import { bodyOf } from "../bodies.ts";
import type { HomeKeys, ReservedKeys } from "../keys.ts";
import type { ListedObject, ObjectStore } from "../object-store.ts";
import { formatState, parseState, type PartialState } from "./partial-state.ts";

/**
 * Owner and target of an incomplete upload. The state of the upload is a small object below a reserved prefix. The key of the state
 * ends with the number of bytes in complete parts. A state with 0 bytes is a mark. The mark means that an upload to an existing file
 * has started and is not complete.
 */
export interface PartialOf {
  store: ObjectStore;
  reserved: ReservedKeys;
  keys: HomeKeys;
  /** Key of the target. */
  key: string;
  /** Account name. Undefined when the engine keeps no incomplete uploads of the account, for example of anonymous users. */
  account: string | undefined;
}

/** A state object without its content. */
export interface FoundPartial {
  readonly stateKey: string;
  readonly etag: string;
  readonly bytes: number;
  readonly modified: Date;
}

/** Maximum size of a state object. The largest state contains 10,000 parts. */
const MAX_STATE_BYTES = 4 * 1024 * 1024;

/** Returns the incomplete upload of an account, or the mark of a replacing upload. */
export async function findState(of: PartialOf): Promise<FoundPartial | undefined> {
  const prefix = prefixOf(of);
  if (prefix === undefined) return undefined;
  const { objects } = await of.store.list(prefix, { max: 10 });
  return objects.map((one) => foundIn(one)).toSorted((one, other) => other.bytes - one.bytes)[0];
}

/** Returns the incomplete upload of an account; undefined when there is none, or only a mark. */
export async function findPartial(of: PartialOf): Promise<FoundPartial | undefined> {
  const found = await findState(of);
  return found !== undefined && found.bytes > 0 ? found : undefined;
}

/** Returns the number of bytes in complete parts of a state object. */
export function bytesOfState(stateKey: string): number {
  const bytes = Number(stateKey.slice(stateKey.lastIndexOf(".") + 1));
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : 0;
}

/**
 * Takes the state of an incomplete upload. No other session and no other engine can then resume the upload.
 * @throws EngineError AlreadyExists when another session took it; NotFound when it cannot be used
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

/** Stores the state of an incomplete upload, and removes earlier ones. */
export async function keepState(of: PartialOf, state: PartialState): Promise<void> {
  const prefix = prefixOf(of);
  if (prefix === undefined) return;
  const bytes = state.parts.reduce((sum, { size }) => sum + size, 0);
  const stateKey = `${prefix}${bytes}`;
  await of.store.put(stateKey, bodyOf(formatState(state)));
  const { objects } = await of.store.list(prefix, { max: 10 });
  for (const { key } of objects) if (key !== stateKey) await removeStateAt(of.store, key);
}

/**
 * Marks a file that an upload starts to replace. The mark remains when the upload breaks and when the engine crashes. Without the
 * mark, a client could send SIZE and resume at the size of the old file.
 */
export async function markReplacing(of: PartialOf): Promise<void> {
  const prefix = prefixOf(of);
  if (prefix !== undefined) await of.store.put(`${prefix}0`, bodyOf("{}"));
}

/** Removes the incomplete upload or the mark of an account. Returns the removed bytes. Undefined without an incomplete upload. */
export async function removePartial(of: PartialOf): Promise<number | undefined> {
  const prefix = prefixOf(of);
  if (prefix === undefined) return undefined;
  const { objects } = await of.store.list(prefix, { max: 10 });
  for (const { key } of objects) await removeStateAt(of.store, key);
  const bytes = Math.max(0, ...objects.map(({ key }) => bytesOfState(key)));
  return bytes > 0 ? bytes : undefined;
}

/** Removes a state object and the parts of the incomplete upload. */
export async function removeStateAt(store: ObjectStore, stateKey: string): Promise<void> {
  const facts = bytesOfState(stateKey) > 0 ? await store.head(stateKey) : undefined;
  const state = facts && parseState(await readAll(store, { stateKey, etag: facts.etag }));
  if (state !== undefined) await store.multipart.abort(state);
  await store.remove(stateKey);
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
