import type { Stats } from "node:fs";
import { notWritable } from "../../../errors.ts";
import type { Directory } from "./directory.ts";
import type { OpenFile } from "./open-file.ts";

const SETGID = 0o2000;
/** Setgid and sticky bits. */
const KEPT_BITS = 0o3000;

/**
 * Sets the mode of an entry that `Directory.openEntry` opened. A directory keeps its setgid and sticky bits. Kubernetes
 * uses setgid to share a volume between pods (`fsGroup`).
 */
export function setEntryMode(entry: OpenFile, stats: Stats, mode: number): Promise<void> {
  return entry.chmodEntry(stats.isDirectory() ? mode | (stats.mode & KEPT_BITS) : mode);
}

/**
 * Creates a directory with exactly the given mode, except that it adds the setgid bit if the parent directory has this
 * bit.
 */
export async function createDirectory(parent: Directory, name: string, mode: number): Promise<void> {
  await parent.mkdir(name, mode);
  // On Linux, mkdir(2) ignores setgid.
  if ((mode & SETGID) === 0) return;
  try {
    const entry = await parent.openEntry(name);
    try {
      const stats = await entry.stat();
      if ((stats.mode & SETGID) === 0) await setEntryMode(entry, stats, mode);
    } finally {
      await entry.close();
    }
  } catch (error) {
    await parent.rmdir(name).catch(() => undefined);
    throw error;
  }
}

/**
 * Opens the directory at a path below `start`. Does not close `start`.
 * @param directoryMode mode of the missing directories that this function creates; if undefined, it creates none
 */
export async function descend(
  start: Directory,
  components: readonly string[],
  directoryMode?: number,
): Promise<Directory> {
  if (components.length === 0) return await start.openDirectory(".");
  let current = start;
  for (const name of components) {
    const parent = current;
    try {
      if (directoryMode !== undefined) await createIfMissing(parent, name, directoryMode);
      current = await parent.openDirectory(name);
    } finally {
      if (parent !== start) await parent.close();
    }
  }
  return current;
}

/**
 * Creates a missing directory. Looks for the directory first, because almost all logins find it. Each rejected mkdir(2)
 * would create two errors with stack traces.
 * @throws EngineError StorageNotWritable if the engine lacks permissions
 */
async function createIfMissing(parent: Directory, name: string, mode: number): Promise<void> {
  try {
    if ((await parent.lstatIfThere(name)) === undefined) await createDirectory(parent, name, mode);
  } catch (thrown) {
    const error = notWritable(thrown, "Cannot create the home directory");
    if (error.code !== "AlreadyExists") throw error;
  }
}
