import { hash } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { setImmediate as nextTick } from "node:timers/promises";
import { encodeText } from "../../../../common/escaped-bytes.ts";
import { toEngineError } from "../../../errors.ts";
import { entryOf } from "../listing/entries.ts";
import { TEMPORARY_PREFIX } from "../../path.ts";
import type { Entry, Usage } from "../../storage.ts";
import type { Directory } from "../system/directory.ts";

/**
 * A partial upload is a file that contains the data of an incomplete upload. The file is in the target directory, so
 * that a single rename resumes or completes the upload. Clients can neither use nor see its reserved name. The name
 * contains a hash of the account name and the target name. A partial upload therefore belongs to one account, even in a
 * shared directory. The name remains valid after the directory is renamed. All names have the same length. An empty
 * partial upload is a marker, which shows that an upload has started to replace a file and is not complete.
 */
const PARTIAL_PREFIX = `${TEMPORARY_PREFIX}partial-`;

/** Maximum number of names to read or partial uploads to remove in one step, which takes a few milliseconds. */
const BATCH = 128;

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
const MARK_MODE = 0o600;

/** Account, directory and target name of a partial upload. */
export interface PartialOf {
  /** Open target directory. */
  parent: Directory;
  name: string;
  /** Account name. The value is undefined for an account that keeps no partial uploads, such as `anonymous`. */
  account: string | undefined;
}

export function isPartial(name: string): boolean {
  return name.startsWith(PARTIAL_PREFIX);
}

/**
 * Returns the name of a partial upload, whether or not it exists. Returns undefined for an account that keeps no
 * partial uploads.
 */
export function partialName({ name, account }: Pick<PartialOf, "name" | "account">): string | undefined {
  // Account names and file names contain no NUL characters.
  return account === undefined
    ? undefined
    : `${PARTIAL_PREFIX}${hash("sha256", encodeText(`${account}\0${name}`))}`;
}

/**
 * Returns a partial upload as an entry with the name of its target. Returns undefined if no partial upload exists, or
 * if only a marker exists.
 */
export async function findPartial(of: PartialOf): Promise<Entry | undefined> {
  const stats = await statPartial(of);
  return stats !== undefined && stats.size > 0 ? entryOf(of.name, stats) : undefined;
}

/**
 * Creates a marker before an upload replaces the file at the target. The marker remains after a broken upload or an
 * engine crash, even if the engine keeps no data. Without the marker, a client could use the size of the old file as
 * the offset for a resume.
 */
export async function markReplacing(of: PartialOf): Promise<void> {
  const name = partialName(of);
  if (name === undefined) return;
  try {
    await (await of.parent.open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, MARK_MODE)).close();
  } catch (error) {
    if (toEngineError(error).code !== "AlreadyExists") throw error;
  }
}

/** Returns whether an upload has started to replace the file and is not complete. */
export async function isReplacing(of: PartialOf): Promise<boolean> {
  return (await statPartial(of)) !== undefined;
}

/** Removes a partial upload or marker, if any. Returns the removed usage. */
export async function removePartial(of: PartialOf): Promise<Usage> {
  const name = partialName(of);
  return (name === undefined ? undefined : await removeFile(of.parent, name)) ?? { bytes: 0, files: 0 };
}

/**
 * Removes all accounts' partial uploads from a directory that contains no other entries.
 * @returns removed usage, or undefined when the directory contains other entries or no partial uploads
 */
export async function removePartialsOnly(directory: Directory): Promise<Usage | undefined> {
  for await (const names of directory.names(BATCH)) {
    if (!names.every(isPartial)) return undefined;
    await nextTick();
  }
  const removedUsage: Usage = { bytes: 0, files: 0 };
  let removed = 0;
  // Repeats the removal until no partial upload remains, because reading a changing directory can miss names.
  for (let before = -1; before < removed; ) {
    before = removed;
    for await (const names of directory.names(BATCH)) {
      removed += await removePartials(directory, names.filter(isPartial), removedUsage);
      await nextTick();
    }
  }
  return removed > 0 ? removedUsage : undefined;
}

/** Adds the removed usage to `sum`. Returns the number of removed partial uploads and markers. */
async function removePartials(directory: Directory, names: readonly string[], sum: Usage): Promise<number> {
  let removed = 0;
  for (const name of names) {
    const usage = await removeFile(directory, name);
    if (usage === undefined) continue;
    removed += 1;
    sum.bytes += usage.bytes;
    sum.files += usage.files;
  }
  return removed;
}

/**
 * Returns the usage of a partial upload that counts toward a quota. Markers do not count, because clients cannot see
 * them.
 */
export function usageOfPartial({ size }: Pick<Stats, "size">): Usage {
  return { bytes: size, files: size > 0 ? 1 : 0 };
}

async function statPartial(of: PartialOf): Promise<Stats | undefined> {
  const name = partialName(of);
  const stats = name === undefined ? undefined : await of.parent.lstatIfThere(name);
  return stats?.isFile() === true ? stats : undefined;
}

/** Removes a file. Returns the removed usage, or undefined when the file does not exist. */
async function removeFile(directory: Directory, name: string): Promise<Usage | undefined> {
  const stats = await directory.lstatIfThere(name);
  if (stats?.isFile() !== true) return undefined;
  await directory.unlink(name);
  return usageOfPartial(stats);
}
