import { constants, type Stats } from "node:fs";
import { EngineError, toEngineError } from "../../errors.ts";
import type { Replaces } from "../storage.ts";
import type { Directory } from "./system/directory.ts";

/** Mode of the placeholder file. The file that replaces the placeholder keeps its own mode. */
const PLACEHOLDER_MODE = 0o600;
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/**
 * Renames a file or directory. Never replaces a directory, because rename(2) would remove an empty directory.
 * @returns the replaced file, if any
 * @throws EngineError IsADirectory, PermissionDenied or AlreadyExists if another entry has the new name
 */
export async function move(
  from: Directory,
  name: string,
  to: Directory,
  newName: string,
  replaces: Replaces,
): Promise<Stats | undefined> {
  const source = await from.lstat(name);
  const target = await to.lstatIfThere(newName);
  const replaced = target !== undefined && !isSame(source, target) ? target : undefined;
  if (replaced !== undefined) checkReplaceable(source, replaced, replaces);
  // rename(2) never replaces a file with a directory. The check that the new name is unused is therefore required only
  // for files.
  if (target === undefined && replaces === "Nothing" && source.isFile())
    await takeName(from, name, to, newName);
  else await from.rename(name, to, newName);
  return replaced;
}

/**
 * Renames a complete file, unless the new name is taken. The rename is atomic on volumes that support hard links.
 * @throws EngineError AlreadyExists
 */
export async function takeName(from: Directory, name: string, to: Directory, newName: string): Promise<void> {
  try {
    await from.link(name, to, newName);
  } catch (error) {
    const { code } = toEngineError(error);
    if (code === "AlreadyExists" || code === "NotFound") throw error;
    await takeNameWithoutLinks(from, name, to, newName);
    return;
  }
  try {
    await from.unlink(name);
  } catch (error) {
    // Usage counts would include the file once for each of its two names.
    await to.unlink(newName).catch(() => undefined);
    throw error;
  }
}

/**
 * On a volume without hard links, creates an empty placeholder before the rename. Only one engine can create the
 * placeholder. Data that another program writes to the placeholder is lost. After a crash, the placeholder remains.
 */
async function takeNameWithoutLinks(
  from: Directory,
  name: string,
  to: Directory,
  newName: string,
): Promise<void> {
  const placeholder = await to.open(newName, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, PLACEHOLDER_MODE);
  await placeholder.close();
  try {
    await from.rename(name, to, newName);
  } catch (error) {
    await to.unlink(newName);
    throw error;
  }
}

/**
 * Returns whether both names lead to the same file. When only the case of a name changes, a case-insensitive volume
 * finds the source under the new name.
 */
function isSame(source: Stats, target: Stats): boolean {
  return source.ino !== 0 && source.ino === target.ino && source.dev === target.dev;
}

function checkReplaceable(source: Stats, target: Stats, replaces: Replaces): void {
  if (target.isDirectory()) throw new EngineError("IsADirectory", "A directory has this name");
  if (!target.isFile()) throw new EngineError("PermissionDenied", "Not a regular file");
  if (source.isDirectory() || replaces === "Nothing") throw new EngineError("AlreadyExists", "File exists");
}
