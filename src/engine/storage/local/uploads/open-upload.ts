import type { Stats } from "node:fs";
import { EngineError } from "../../../errors.ts";
import { fileExists, incompleteKept, replacingIncomplete } from "../../uploads/incomplete-uploads.ts";
import type { Upload, UploadMode } from "../../storage.ts";
import { InPlaceUpload } from "./in-place-upload.ts";
import { findPartial, isReplacing } from "./partials.ts";
import { TemporaryUpload } from "./temporary-upload.ts";
import type { UploadTarget } from "./upload-target.ts";

/**
 * Opens an upload. When the upload ends, it closes the target directory. If this function throws, the directory remains
 * open.
 */
export async function openUpload(target: UploadTarget, mode: UploadMode): Promise<Upload> {
  const old = await statTarget(target);
  switch (mode.type) {
    case "Replace":
      return TemporaryUpload.create(target, old, "Replace");
    case "Create":
      if (old !== undefined) throw fileExists(false);
      // An upload that must create a new file keeps no partial upload.
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
      if (old !== undefined) throw fileExists(true);
      return TemporaryUpload.resume(target, mode.offset, "TakeFreeName");
  }
}

/**
 * Returns the file at the target, if any.
 * @throws EngineError when an entry of another type has the name
 */
async function statTarget({ parent, name }: UploadTarget): Promise<Stats | undefined> {
  const stats = await parent.lstatIfThere(name);
  if (stats?.isDirectory() === true) throw new EngineError("IsADirectory", "Is a directory");
  if (stats !== undefined && !stats.isFile()) throw new EngineError("PermissionDenied", "Not a regular file");
  return stats;
}

/** @throws EngineError AlreadyExists if the engine keeps an incomplete upload to the target */
async function checkNothingKept(target: UploadTarget): Promise<void> {
  const partial = target.policy().incomplete === "Keep" ? await findPartial(target) : undefined;
  if (partial !== undefined) throw incompleteKept(partial.size);
}

/** @throws EngineError AlreadyExists after a broken upload that replaces the file */
async function checkNotReplacing(target: UploadTarget): Promise<void> {
  if (await isReplacing(target)) throw replacingIncomplete();
}
