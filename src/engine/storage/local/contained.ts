import { constants, type Stats } from "node:fs";
import { notWritable } from "../../errors.ts";
import { chmod, mkdir, open, type OpenFile, rmdir } from "./system-calls.ts";

/**
 * Walking down a directory tree without ever leaving it. Node has no openat(2), but a path through /proc/self/fd names an
 * opened directory itself, wherever it was moved or whatever took its name: so each component is opened in the one before,
 * and none is followed when it is a symbolic link. A path that was checked and then swapped leads nowhere else.
 */

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const SETGID = 0o2000;
/** Setgid and sticky. */
const KEPT_BITS = 0o3000;
/** open(2): a handle on the entry itself, not on what is in it, so that no mode bit forbids it. Node has no name for it. */
const O_PATH = 0o10000000;

/** The path of `name` in an opened directory; of the directory itself without one. */
export function pathIn(directory: OpenFile, name = "."): string {
  return `/proc/self/fd/${directory.fd}/${name}`;
}

export function openDirectory(path: string): Promise<OpenFile> {
  return open(path, DIRECTORY);
}

/** Opens an entry itself, whatever its mode. It has a descriptor and a stat, and nothing else. */
export function openEntry(path: string): Promise<OpenFile> {
  return open(path, O_PATH | constants.O_NOFOLLOW);
}

/**
 * Sets the mode of an entry from `openEntry`. A directory keeps its setgid and sticky bits, which the volume's owner has set:
 * Kubernetes shares a volume between pods with setgid (`fsGroup`).
 */
export function setEntryMode(entry: OpenFile, stats: Stats, mode: number): Promise<void> {
  return chmod(`/proc/self/fd/${entry.fd}`, stats.isDirectory() ? mode | (stats.mode & KEPT_BITS) : mode);
}

/** Creates a directory with exactly this mode. It also takes setgid from the directory that it is in. */
export async function createDirectory(path: string, mode: number): Promise<void> {
  await mkdir(path, mode);
  // mkdir(2) ignores setgid on Linux.
  if ((mode & SETGID) === 0) return;
  try {
    const entry = await openEntry(path);
    try {
      const stats = await entry.stat();
      if ((stats.mode & SETGID) === 0) await setEntryMode(entry, stats, mode);
    } finally {
      await entry.close();
    }
  } catch (error) {
    await rmdir(path).catch(() => undefined);
    throw error;
  }
}

/**
 * Opens the directory that `components` lead to from `start`, which stays open. The caller closes what it gets.
 * @param directoryMode mode of directories that are created where none are; undefined: none are created
 */
export async function descend(
  start: OpenFile,
  components: readonly string[],
  directoryMode?: number,
): Promise<OpenFile> {
  if (components.length === 0) return await openDirectory(pathIn(start));
  let current = start;
  for (const name of components) {
    const parent = current;
    try {
      if (directoryMode !== undefined) await createHome(pathIn(parent, name), directoryMode);
      current = await openDirectory(pathIn(parent, name));
    } finally {
      if (parent !== start) await parent.close();
    }
  }
  return current;
}

/** @throws EngineError StorageNotWritable when the volume does not admit the engine */
async function createHome(path: string, mode: number): Promise<void> {
  try {
    await createDirectory(path, mode);
  } catch (thrown) {
    const error = notWritable(thrown, "Cannot create the home directory");
    if (error.code !== "AlreadyExists") throw error;
  }
}
