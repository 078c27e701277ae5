import { hash } from "node:crypto";
import { setImmediate as nextTick } from "node:timers/promises";
import { encodeText } from "../../common/escaped-bytes.ts";
import { pathIn } from "./contained.ts";
import { namesIn } from "./directory-names.ts";
import { entryOf } from "./entry.ts";
import { TEMPORARY_PREFIX } from "./path.ts";
import type { Entry, Usage } from "./storage.ts";
import { lstatIfThere, type OpenFile, unlink } from "./system-calls.ts";

/**
 * What a broken upload has left, called a partial. It lies beside its target, so that resuming and publishing stay one rename, under
 * a reserved name, which no client can give or see. The name is a hash of the account and of the target's name: so it belongs to one
 * account, also in a directory that several share, it follows a directory that is renamed, and it fits for every name.
 */
const PARTIAL_PREFIX = `${TEMPORARY_PREFIX}partial-`;

/** How long a partial is kept after its last byte, in milliseconds. */
export const PARTIAL_MAX_AGE = 7 * 24 * 3600 * 1000;

/** Names read from a directory, and partials removed, before others have their turn: a few milliseconds. */
const BATCH = 128;

/** Whose partial, and of which name in which directory. */
export interface PartialOf {
  /** The opened directory. */
  parent: OpenFile;
  name: string;
  /** Undefined: an account of which nothing is kept, such as anonymous. */
  account: string | undefined;
}

export function isPartial(name: string): boolean {
  return name.startsWith(PARTIAL_PREFIX);
}

/** Returns the path of a partial, whether it is there or not; undefined when nothing is kept of the account. */
export function partialPath({ parent, name, account }: PartialOf): string | undefined {
  // Neither an account nor a file has NUL in its name.
  return account === undefined
    ? undefined
    : pathIn(parent, `${PARTIAL_PREFIX}${hash("sha256", encodeText(`${account}\0${name}`))}`);
}

/** Returns a partial with the name of its target; undefined when there is none. */
export async function findPartial(of: PartialOf): Promise<Entry | undefined> {
  const path = partialPath(of);
  const stats = path === undefined ? undefined : await lstatIfThere(path);
  return stats?.isFile() === true ? entryOf(of.name, stats) : undefined;
}

/** Removes a partial, if there is one. @returns what is gone */
export async function removePartial(of: PartialOf): Promise<Usage> {
  const [entry, path] = [await findPartial(of), partialPath(of)];
  if (entry === undefined || path === undefined) return { bytes: 0, files: 0 };
  await unlink(path);
  return { bytes: entry.size, files: 1 };
}

/**
 * Removes the partials of all accounts from a directory that holds nothing else, and so is empty for every client.
 * @returns what is gone; nothing when the directory holds something else
 */
export async function removePartialsOnly(directory: OpenFile): Promise<Usage> {
  const gone: Usage = { bytes: 0, files: 0 };
  for await (const names of namesIn(pathIn(directory), BATCH)) {
    if (!names.every(isPartial)) return gone;
    await nextTick();
  }
  // Again until nothing is left, because a directory that changes while it is read may not show all.
  for (let before = -1; before < gone.files; ) {
    before = gone.files;
    for await (const names of namesIn(pathIn(directory), BATCH)) {
      for (const name of names.filter(isPartial)) await removeFile(pathIn(directory, name), gone);
      await nextTick();
    }
  }
  return gone;
}

async function removeFile(path: string, gone: Usage): Promise<void> {
  const stats = await lstatIfThere(path);
  if (stats?.isFile() !== true) return;
  await unlink(path);
  gone.bytes += stats.size;
  gone.files += 1;
}
