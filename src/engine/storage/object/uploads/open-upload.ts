import type { Upload, UploadMode } from "../../storage.ts";
import {
  checkOffset,
  fileExists,
  incompleteChanged,
  incompleteKept,
  nothingThere,
  replacingIncomplete,
} from "../../uploads/incomplete-uploads.ts";
import { EngineError } from "../../../errors.ts";
import { newIdentity } from "../bodies.ts";
import { checkUnchanged } from "../conditional.ts";
import { countedFile } from "../entries.ts";
import type { ObjectFacts } from "../object-store.ts";
import type { KeptPart } from "./partial-state.ts";
import { ObjectUpload } from "./object-upload.ts";
import { type FoundPartial, keepState, markReplacing, takeState } from "./partials.ts";
import { replacedFiles } from "./replaced-files.ts";
import type { ObjectTarget, UploadPlan } from "./upload-target.ts";

/** The object at the key and the account's state object, when an upload starts. */
export interface Found {
  old: ObjectFacts | undefined;
  /** The account's state object for this key. */
  state: FoundPartial | undefined;
}

/** Opens an upload to a key. The parent directory of the key must exist, and the key must not be a directory. */
export async function openUpload(target: ObjectTarget, mode: UploadMode, found: Found): Promise<Upload> {
  const { old } = found;
  if (mode.type === "Replace") return await startNew(target, found, undefined);
  return await (old === undefined ? openNew(target, mode, found) : openExisting(target, mode, found, old));
}

async function openNew(
  target: ObjectTarget,
  mode: Exclude<UploadMode, { type: "Replace" }>,
  found: Found,
): Promise<Upload> {
  const { state } = found;
  const partial = state !== undefined && state.bytes > 0 ? state : undefined;
  const isKept = target.policy().incomplete === "Keep";
  switch (mode.type) {
    case "Create":
      // If an upload in mode `Create` fails, the engine keeps no incomplete upload.
      return await startNew({ ...target, account: undefined }, found, "Absent");
    case "Append":
      if (isKept && partial !== undefined) throw incompleteKept(partial.bytes);
      return await startNew(target, found, "Absent");
    case "Resume":
      return await resume(target, isKept ? partial : undefined, mode.offset, undefined);
    case "ResumePartial":
      if (partial !== undefined && partial.bytes !== mode.offset) throw incompleteChanged(partial.bytes);
      return await resume(target, partial, mode.offset, "Absent");
  }
}

async function openExisting(
  target: ObjectTarget,
  mode: Exclude<UploadMode, { type: "Replace" }>,
  { state }: Found,
  old: ObjectFacts,
): Promise<Upload> {
  switch (mode.type) {
    case "Create":
      throw fileExists(false);
    case "ResumePartial":
      throw fileExists(true);
    case "Append":
      await checkUnchanged(target.store, target.key, old);
      return await startFrom(target, old, old.size, state);
    case "Resume":
      return await startFrom(target, old, mode.offset, state);
  }
}

/** Starts an upload from the first byte of the file. */
async function startNew(
  target: ObjectTarget,
  { old, state }: Found,
  condition: UploadPlan["condition"],
): Promise<Upload> {
  const { ledger } = target;
  const reuses = ledger?.isExact === true ? await replacedFiles(target, old) : [];
  const growth = { file: "Temporary", start: 0, reuses, files: reuses.length === 0 ? 1 : 0 } as const;
  const reservation = await ledger?.reserve(growth);
  try {
    if (old !== undefined && state === undefined) await markReplacing(target);
    const hasState = old !== undefined || state !== undefined;
    const isKept = target.account !== undefined;
    const plan = { metadata: newIdentity(), condition, old, isKept, hasState, reservation };
    return await ObjectUpload.start(target, plan);
  } catch (error) {
    reservation?.release();
    throw error;
  }
}

/**
 * Starts to upload a new version of an object. The new version begins with bytes from the current version. The current
 * version remains until the upload is committed.
 */
async function startFrom(
  target: ObjectTarget,
  old: ObjectFacts,
  offset: number,
  state: FoundPartial | undefined,
): Promise<Upload> {
  if (state !== undefined) throw replacingIncomplete();
  checkOffset(offset, old.size);
  const { ledger, key, limits } = target;
  const reuses = [countedFile(key, old)];
  const reservation = await ledger?.reserve({ file: "Temporary", start: offset, reuses, files: 0 });
  const source = { key, etag: old.etag };
  const { contentType } = old.metadata;
  try {
    return await ObjectUpload.start(target, {
      metadata: newIdentity({ user: {}, contentType }),
      condition: { etag: old.etag },
      old,
      isKept: false,
      hasState: false,
      reservation,
      ...(offset >= limits.minPartBytes && { base: { source, end: offset } }),
      ...(offset > 0 && offset < limits.minPartBytes && { beginning: beginningOf(target, old, offset) }),
    });
  } catch (error) {
    reservation?.release();
    throw error;
  }
}

/** Yields the bytes of an object before an offset. */
async function* beginningOf(
  { store, key }: ObjectTarget,
  { etag }: ObjectFacts,
  end: number,
): AsyncGenerator<Uint8Array> {
  const stop = new AbortController();
  const stream = await store.get(key, { offset: 0, etag }, stop.signal);
  let left = end;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk).subarray(0, left);
      left -= bytes.length;
      yield bytes;
      if (left === 0) return;
    }
  } finally {
    stop.abort();
    stream.destroy();
  }
  throw new EngineError("StorageUnavailable", "The object storage sent a truncated object");
}

/**
 * Resumes an incomplete upload at the end of one of its parts.
 * @throws EngineError InvalidOffset for any other offset, because the service can neither return nor truncate a stored
 *   part
 */
async function resume(
  target: ObjectTarget,
  partial: FoundPartial | undefined,
  offset: number,
  condition: UploadPlan["condition"],
): Promise<Upload> {
  if (partial === undefined) throw nothingThere();
  checkOffset(offset, partial.bytes);
  const state = await takeState(target, partial);
  try {
    const parts = partsUntil(state.parts, offset);
    if ((await target.store.multipart.lastPart(state)) === undefined) throw nothingThere();
    const { ledger } = target;
    const reservation = await ledger?.reserve({ file: "Temporary", start: offset, reuses: [], files: 0 });
    // The reservation now includes the bytes of the incomplete upload.
    ledger?.removed({ bytes: partial.bytes, files: 1 });
    const { metadata, uploadId } = state;
    const plan = { metadata, condition, old: undefined, isKept: true, hasState: false, reservation };
    return await ObjectUpload.start(target, { ...plan, resumed: { uploadId, parts } });
  } catch (error) {
    if (!(error instanceof EngineError && error.code === "NotFound")) await keepState(target, state);
    throw error;
  }
}

/** Returns the parts before an offset. @throws EngineError InvalidOffset if no part ends at the offset */
function partsUntil(parts: readonly KeptPart[], offset: number): KeptPart[] {
  let end = 0;
  const count = parts.findIndex(({ size }) => (end += size) > offset);
  const kept = count === -1 ? [...parts] : parts.slice(0, count);
  const bytes = kept.reduce((sum, { size }) => sum + size, 0);
  if (bytes === offset) return kept;
  throw new EngineError(
    "InvalidOffset",
    `Object storage can continue this upload only at the end of a part, for example at ${bytes}`,
  );
}
