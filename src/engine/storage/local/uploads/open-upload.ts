import type { Stats } from "node:fs";
import { EngineError } from "../../../errors.ts";
import type { Upload, UploadMode } from "../../storage.ts";
import { InPlaceUpload } from "./in-place-upload.ts";
import { findPartial, isReplacing } from "./partials.ts";
import { TemporaryUpload } from "./temporary-upload.ts";
import type { UploadTarget } from "./upload-target.ts";

/** Opens an upload. Takes over the target's directory, unless it rejects. */
export async function openUpload(target: UploadTarget, mode: UploadMode): Promise<Upload> {
  const old = await statTarget(target);
  switch (mode.type) {
    case "Replace":
      return TemporaryUpload.create(target, old, "Replace");
    case "Create":
      if (old !== undefined) throw new EngineError("AlreadyExists", "File exists");
      // A new file leaves no partial.
      return TemporaryUpload.create({ ...target, account: undefined }, undefined, "TakeFreeName");
    case "Append":
      await (old === undefined ? checkNothingKept(target) : checkNotReplacing(target));
      return InPlaceUpload.open(target, old, mode);
    case "Resume":
      if (old === undefined && target.policy().incomplete === "Keep")
        return TemporaryUpload.resume(target, mode.offset, "Replace");
      if (old !== undefined) await checkNotReplacing(target);
      return InPlaceUpload.open(target, old, mode);
    case "ResumePartial":
      if (old !== undefined)
        throw new EngineError("AlreadyExists", "File exists; the incomplete upload is kept");
      return TemporaryUpload.resume(target, mode.offset, "TakeFreeName");
  }
}

/** Returns the file at an upload's target, if any. @throws EngineError when something else is there */
async function statTarget({ parent, name }: UploadTarget): Promise<Stats | undefined> {
  const stats = await parent.lstatIfThere(name);
  if (stats?.isDirectory() === true) throw new EngineError("IsADirectory", "Is a directory");
  if (stats !== undefined && !stats.isFile()) throw new EngineError("PermissionDenied", "Not a regular file");
  return stats;
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
