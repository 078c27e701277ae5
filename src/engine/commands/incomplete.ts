// Lookup of the user's own incomplete uploads. SIZE, MDTM and MLST report an incomplete upload under the name of its
// target. STOR and APPE can resume an incomplete upload, and DELE removes it. Listings omit incomplete uploads.
import type { Permission } from "../../api/engine-config.ts";
import type { LoggedInUser } from "../session/state.ts";
import { EngineError } from "../errors.ts";
import type { Entry } from "../storage/storage.ts";

/** Entry that SIZE, MDTM and MLST report for a path. */
export interface Found {
  entry: Entry;
  /** Whether the entry is an incomplete upload. */
  isIncomplete: boolean;
}

/**
 * Returns the entry at a path. If the path has no entry, returns the user's incomplete upload to that path.
 * @param permission permission that the user needs at the path
 * @throws EngineError NotFound
 */
export async function statAny(user: LoggedInUser, path: string, permission: Permission): Promise<Found> {
  try {
    return { entry: await user.storage.stat(path, permission), isIncomplete: false };
  } catch (error) {
    const entry = await incompleteUpload(user, path, error);
    if (entry === undefined) throw error;
    return { entry, isIncomplete: true };
  }
}

/**
 * Throws the error from a failed lookup. If only an incomplete upload has the name, the error message explains how to
 * resume or remove the upload.
 */
export async function explainAbsence(user: LoggedInUser, path: string, error: unknown): Promise<never> {
  const entry = await incompleteUpload(user, path, error);
  if (entry === undefined) throw error;
  throw new EngineError(
    "NotFound",
    `Only an incomplete upload of ${entry.size} bytes has this name. Resume it, or remove it with DELE`,
  );
}

/** Returns the permissions that apply to an incomplete upload. A user cannot read or rename an incomplete upload. */
export function permissionsOnIncomplete(permissions: ReadonlySet<Permission>): ReadonlySet<Permission> {
  return new Set([...permissions].filter((one) => one !== "Read" && one !== "Rename"));
}

/**
 * Returns the incomplete upload to a path if the user can resume it.
 * @param error error from looking up a file at the path
 */
async function incompleteUpload(
  { storage }: LoggedInUser,
  path: string,
  error: unknown,
): Promise<Entry | undefined> {
  if (!(error instanceof EngineError) || error.code !== "NotFound") return undefined;
  return await storage.resumable(path);
}
