import type { EngineConfig } from "../../../api/engine-config.ts";
import { EngineError, offsetBeyondEnd } from "../../errors.ts";

export type UploadPolicy = Pick<EngineConfig["uploads"], "incomplete" | "sync">;

/** Time in milliseconds to keep an incomplete upload after its last byte. */
export const PARTIAL_MAX_AGE = 7 * 24 * 3600 * 1000;

/** @throws EngineError InvalidOffset if the file has fewer bytes than `offset` */
export function checkOffset(offset: number, size: number): void {
  if (offset > size) throw offsetBeyondEnd(size);
}

/**
 * Returns the error for an upload whose target name is in use.
 * @param isKept whether the engine keeps an incomplete upload to this name
 */
export function fileExists(isKept: boolean, cause?: unknown): EngineError {
  const end = isKept ? "; the incomplete upload is kept" : "";
  return new EngineError("AlreadyExists", `File exists${end}`, { cause });
}

/**
 * Returns the error for APPE without SIZE while an incomplete upload exists. Without SIZE, the engine cannot determine
 * the offset at which the client continues.
 */
export function incompleteKept(bytes: number): EngineError {
  return new EngineError(
    "AlreadyExists",
    `An incomplete upload of ${bytes} bytes is kept. Send SIZE to resume it, STOR to replace it or DELE to remove it`,
  );
}

/** Returns the error for a resume after another session has continued the incomplete upload. */
export function incompleteChanged(bytes: number): EngineError {
  return new EngineError("AlreadyExists", `The incomplete upload has ${bytes} bytes now. Send SIZE again`);
}

/**
 * Returns the error for a resume after a broken upload that was replacing a file. Clients such as lftp resume
 * automatically from the size in the reply to SIZE, which would be the size of the old file. The result would combine
 * the start of the old file with the end of the new file.
 */
export function replacingIncomplete(): EngineError {
  return new EngineError(
    "AlreadyExists",
    "An upload that replaces this file is not complete. Send the complete file with STOR, or remove it with DELE",
  );
}

/** Returns the error for a path with neither a file nor an incomplete upload. */
export function nothingThere(cause?: unknown): EngineError {
  return new EngineError("NotFound", "No such file or directory", { cause });
}
