// Commands on the user's own incomplete uploads: SIZE, MDTM and MLST show them under the name of their target, and DELE
// removes them. Listings do not show them, and no other command treats them as files.
import type { Permission } from "../../api/engine-config.ts";
import type { LoggedInUser } from "../session/state.ts";
import { EngineError } from "../errors.ts";
import type { Entry } from "../storage/storage.ts";

/** The entry that SIZE, MDTM and MLST show for a path. */
export interface Found {
  entry: Entry;
  /** Whether the entry is an incomplete upload. */
  isIncomplete: boolean;
}

/**
 * Returns the entry at a path or, if there is none, the incomplete upload of the user.
 * @param permission what the user needs at the path
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

/** Rejects with the error of a lookup; with a specific error when only an incomplete upload has the name. */
export async function explainAbsence(user: LoggedInUser, path: string, error: unknown): Promise<never> {
  const entry = await incompleteUpload(user, path, error);
  if (entry === undefined) throw error;
  throw new EngineError(
    "NotFound",
    `Only an incomplete upload of ${entry.size} bytes has this name. Resume it, or remove it with DELE`,
  );
}

/** Returns the permissions that apply to an incomplete upload: it cannot be read or renamed. */
export function permissionsOnIncomplete(permissions: ReadonlySet<Permission>): ReadonlySet<Permission> {
  return new Set([...permissions].filter((one) => one !== "Read" && one !== "Rename"));
}

/** Returns the incomplete upload to a path, for a user who could resume it. `error`: of the lookup of a file there. */
async function incompleteUpload(
  { storage }: LoggedInUser,
  path: string,
  error: unknown,
): Promise<Entry | undefined> {
  if (!(error instanceof EngineError) || error.code !== "NotFound") return undefined;
  return await storage.resumable(path);
}
