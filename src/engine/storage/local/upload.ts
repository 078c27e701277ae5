import { constants, type Stats } from "node:fs";
import { EngineError, toEngineError } from "../../errors.ts";
import { appender, closing } from "./appender.ts";
import { pathIn } from "./contained.ts";
import { findPartial, isReplacing } from "./partial.ts";
import { extendedPartial, freshReplacement, newFile, resumedPartial } from "./replacement.ts";
import type { Upload, UploadMode } from "../storage.ts";
import { lstatIfThere, open, type OpenFile } from "./system-calls.ts";
import { checkOffset, makeLasting, type UploadTarget } from "./upload-target.ts";

const { O_APPEND, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Opens an upload. Takes over the target's directory, unless it rejects. */
export async function openUpload(target: UploadTarget, mode: UploadMode): Promise<Upload> {
  const old = await statTarget(target);
  switch (mode.type) {
    case "Replace":
      return freshReplacement(target, old);
    case "Create":
      if (old !== undefined) throw new EngineError("AlreadyExists", "File exists");
      return newFile(target);
    case "Append":
      await (old === undefined ? checkNothingKept(target) : checkNotReplacing(target));
      return openInPlace(target, mode, old === undefined);
    case "Resume":
      if (old === undefined && target.policy().incomplete === "Keep")
        return resumedPartial(target, mode.offset);
      if (old !== undefined) await checkNotReplacing(target);
      return openInPlace(target, mode);
    case "ResumePartial":
      if (old !== undefined)
        throw new EngineError("AlreadyExists", "File exists; the incomplete upload is kept");
      return extendedPartial(target, mode.offset);
  }
}

/**
 * An upload onto the end, or from an offset, of the file itself. Appending is the system's (O_APPEND), so two at once lose
 * nothing.
 */
async function openInPlace(
  target: UploadTarget,
  mode: Extract<UploadMode, { type: "Append" | "Resume" }>,
  isNew = false,
): Promise<Upload> {
  const path = pathIn(target.parent, target.name);
  const flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | (mode.type === "Append" ? O_APPEND : 0);
  const created = isNew ? await create(path, flags, target.mode) : undefined;
  const handle = created ?? (await open(path, flags));
  try {
    const stats = await handle.stat();
    // The name may have been given to something else since it was looked at.
    if (!stats.isFile()) throw new EngineError("PermissionDenied", "Not a regular file");
    return mode.type === "Append"
      ? appending(handle, target)
      : resuming(handle, target, mode.offset, stats.size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Creates a file; undefined when another file has got its name, because the file must have either all of the mode or none of it. */
function create(path: string, flags: number, mode: number): Promise<OpenFile | undefined> {
  return open(path, flags | O_CREAT | O_EXCL, mode).catch((error: unknown) => {
    if (toEngineError(error).code !== "AlreadyExists") throw error;
    return undefined;
  });
}

/**
 * Without SIZE, the offset at which the client starts is unknown, so the incomplete upload is neither resumed nor dropped.
 * @throws EngineError AlreadyExists
 */
async function checkNothingKept(target: UploadTarget): Promise<void> {
  const partial = target.policy().incomplete === "Keep" ? await findPartial(target) : undefined;
  if (partial === undefined) return;
  throw new EngineError(
    "AlreadyExists",
    `An incomplete upload of ${partial.size} bytes is kept. Send SIZE to resume it, STOR to replace it or DELE to remove it`,
  );
}

/**
 * After a broken upload that replaces a file, clients resume it from the size that SIZE returns, which is that of the old file.
 * lftp does so automatically. The end of the new file would follow the beginning of the old one.
 * @throws EngineError AlreadyExists
 */
async function checkNotReplacing(target: UploadTarget): Promise<void> {
  if (!(await isReplacing(target))) return;
  throw new EngineError(
    "AlreadyExists",
    "An upload that replaces this file is not complete. Send the complete file with STOR, or remove it with DELE",
  );
}

function appending(handle: OpenFile, target: UploadTarget): Upload {
  return {
    write: appender(handle).write,
    commit: () =>
      closing(handle, target.parent, async () => {
        await makeLasting(handle, target);
        await checkNamed(handle);
      }),
    abort: () => closing(handle, target.parent),
  };
}

/** @throws EngineError when the file is shorter than the offset */
function resuming(handle: OpenFile, target: UploadTarget, offset: number, size: number): Upload {
  checkOffset(offset, size);
  const { write, receiveFrom, position } = appender(handle, offset);
  return {
    write,
    receiveFrom,
    commit: (around = (change) => change()) =>
      closing(handle, target.parent, async () => {
        // What stood behind a resumed upload is not part of it.
        await around(() => handle.truncate(position()));
        await makeLasting(handle, target);
        await checkNamed(handle);
      }),
    abort: () => closing(handle, target.parent),
  };
}

/** @throws EngineError NotFound when the file has lost its name, so that the uploaded data could not be read */
async function checkNamed(handle: OpenFile): Promise<void> {
  const { nlink } = await handle.stat();
  if (nlink === 0) throw new EngineError("NotFound", "The file was removed or replaced during the upload");
}

/** The file at an upload's target, if any. @throws EngineError when something else is there */
async function statTarget({ parent, name }: UploadTarget): Promise<Stats | undefined> {
  const stats = await lstatIfThere(pathIn(parent, name));
  if (stats?.isDirectory() === true) throw new EngineError("IsADirectory", "Is a directory");
  if (stats !== undefined && !stats.isFile()) throw new EngineError("PermissionDenied", "Not a regular file");
  return stats;
}
