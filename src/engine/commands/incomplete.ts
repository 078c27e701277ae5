// What a user sees of own uploads that broke: SIZE, MDTM and MLST show them by the name of their target, and DELE removes them.
// Listings do not show them, and no other command takes them for files.
import type { Permission } from "../../api/engine-config.ts";
import type { LoggedInUser } from "../control/state.ts";
import { EngineError } from "../errors.ts";
import type { Entry } from "../storage/storage.ts";

/** What a path means to SIZE, MDTM and MLST. */
export interface Found {
  entry: Entry;
  /** Whether the entry is only what a broken upload has left. */
  isIncomplete: boolean;
}

/**
 * Returns what is at a path or, where nothing has the name, the incomplete upload of the user.
 * @throws EngineError NotFound
 */
export async function statAny(user: LoggedInUser, path: string): Promise<Found> {
  try {
    return { entry: await user.storage.stat(path), isIncomplete: false };
  } catch (error) {
    const entry = await incompleteUpload(user, path, error);
    if (entry === undefined) throw error;
    return { entry, isIncomplete: true };
  }
}

/** Rejects with the error of a look at a path; with one that says so when only an incomplete upload has the name. */
export async function explainAbsence(user: LoggedInUser, path: string, error: unknown): Promise<never> {
  const entry = await incompleteUpload(user, path, error);
  if (entry === undefined) throw error;
  throw new EngineError(
    "NotFound",
    `Only an incomplete upload of ${entry.size} bytes has this name. Resume it, or remove it with DELE`,
  );
}

/** Returns which permissions count for an incomplete upload: it is neither read nor renamed. */
export function permissionsOnIncomplete(permissions: ReadonlySet<Permission>): ReadonlySet<Permission> {
  return new Set([...permissions].filter((one) => one !== "Read" && one !== "Rename"));
}

/** Returns what a broken upload to a path has left, for a user who could resume it. `error`: of a look for a file there. */
async function incompleteUpload(
  { account: { permissions }, storage }: LoggedInUser,
  path: string,
  error: unknown,
): Promise<Entry | undefined> {
  if (!(error instanceof EngineError) || error.code !== "NotFound") return undefined;
  return permissions.has("Write") || permissions.has("Append") ? await storage.resumable(path) : undefined;
}
