import { constants } from "node:fs";
import { mkdir, open, type OpenFile } from "./system-calls.ts";

/**
 * Walking down a directory tree without ever leaving it. Node has no openat(2), but a path through /proc/self/fd names an
 * opened directory itself, wherever it was moved or whatever took its name: so each component is opened in the one before,
 * and none is followed when it is a symbolic link. A path that was checked and then swapped leads nowhere else.
 */

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const DIRECTORY_MODE = 0o770;

/** The path of `name` in an opened directory; of the directory itself without one. */
export function pathIn(directory: OpenFile, name = "."): string {
  return `/proc/self/fd/${directory.fd}/${name}`;
}

export function openDirectory(path: string): Promise<OpenFile> {
  return open(path, DIRECTORY);
}

/** Opens the directory that `components` lead to from `start`, which stays open. The caller closes what it gets. */
export async function descend(
  start: OpenFile,
  components: readonly string[],
  { create = false }: { create?: boolean } = {},
): Promise<OpenFile> {
  if (components.length === 0) return await openDirectory(pathIn(start));
  let current = start;
  for (const name of components) {
    const parent = current;
    try {
      if (create) await mkdir(pathIn(parent, name), DIRECTORY_MODE).catch(ignoreExisting);
      current = await openDirectory(pathIn(parent, name));
    } finally {
      if (parent !== start) await parent.close();
    }
  }
  return current;
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
}

/** The names of a virtual path, from the top. */
export function componentsOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "");
}
