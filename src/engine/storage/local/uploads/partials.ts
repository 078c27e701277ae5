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
 * A partial contains the data of an incomplete upload. It is in the directory of its target, so that one rename is enough to resume or
 * complete it. Its reserved name, which clients can neither use nor see, is a hash of the account and of the target's name. A partial
 * therefore belongs to one account, also in a shared directory. It stays valid when its directory is renamed, and all partial names
 * have the same length.
 *
 * An empty partial is a mark: an upload that replaces a file has started and is not complete.
 */
const PARTIAL_PREFIX = `${TEMPORARY_PREFIX}partial-`;

/** Time for which a partial is kept after its last byte, in milliseconds. */
export const PARTIAL_MAX_AGE = 7 * 24 * 3600 * 1000;

/** Number of names read, and partials removed, in one step of a few milliseconds. */
const BATCH = 128;

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
const MARK_MODE = 0o600;

/** Account, directory and target name of a partial. */
export interface PartialOf {
  /** The open directory. */
  parent: Directory;
  name: string;
  /** Undefined: an account without partials, such as `anonymous`. */
  account: string | undefined;
}

export function isPartial(name: string): boolean {
  return name.startsWith(PARTIAL_PREFIX);
}

/** Returns the name of a partial, whether it exists or not; undefined for an account without partials. */
export function partialName({ name, account }: Pick<PartialOf, "name" | "account">): string | undefined {
  // Names of accounts and files contain no NUL.
  return account === undefined
    ? undefined
    : `${PARTIAL_PREFIX}${hash("sha256", encodeText(`${account}\0${name}`))}`;
}

/** Returns a partial with the name of its target; undefined when there is none, or only a mark. */
export async function findPartial(of: PartialOf): Promise<Entry | undefined> {
  const stats = await statPartial(of);
  return stats !== undefined && stats.size > 0 ? entryOf(of.name, stats) : undefined;
}

/**
 * Marks a name whose file an upload starts to replace. The mark stays when the upload breaks and when the engine crashes, also if no
 * data is kept. Without it, a client could send SIZE and use the size of the old file as the offset.
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

/** Returns whether an upload that replaces a file has started and is not complete. */
export async function isReplacing(of: PartialOf): Promise<boolean> {
  return (await statPartial(of)) !== undefined;
}

/** Removes a partial or a mark, if there is one. Returns the removed usage. */
export async function removePartial(of: PartialOf): Promise<Usage> {
  const name = partialName(of);
  return (name === undefined ? undefined : await removeFile(of.parent, name)) ?? { bytes: 0, files: 0 };
}

/**
 * Removes the partials of all accounts from a directory that contains nothing else.
 * @returns the removed usage. Undefined when the directory contains other entries or no partials.
 */
export async function removePartialsOnly(directory: Directory): Promise<Usage | undefined> {
  for await (const names of directory.names(BATCH)) {
    if (!names.every(isPartial)) return undefined;
    await nextTick();
  }
  const removedUsage: Usage = { bytes: 0, files: 0 };
  let removed = 0;
  // Repeated until nothing is left, because reading a directory that changes can miss names.
  for (let before = -1; before < removed; ) {
    before = removed;
    for await (const names of directory.names(BATCH)) {
      removed += await removePartials(directory, names.filter(isPartial), removedUsage);
      await nextTick();
    }
  }
  return removed > 0 ? removedUsage : undefined;
}

/** Adds the removed usage to `sum`. Returns the number of removed partials and marks. */
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

/** Returns the usage of a partial for a quota. A mark is not counted, because clients cannot see it. */
export function usageOfPartial({ size }: Pick<Stats, "size">): Usage {
  return { bytes: size, files: size > 0 ? 1 : 0 };
}

async function statPartial(of: PartialOf): Promise<Stats | undefined> {
  const name = partialName(of);
  const stats = name === undefined ? undefined : await of.parent.lstatIfThere(name);
  return stats?.isFile() === true ? stats : undefined;
}

/** Removes a file. Returns the removed usage, or undefined when there was no file. */
async function removeFile(directory: Directory, name: string): Promise<Usage | undefined> {
  const stats = await directory.lstatIfThere(name);
  if (stats?.isFile() !== true) return undefined;
  await directory.unlink(name);
  return usageOfPartial(stats);
}
