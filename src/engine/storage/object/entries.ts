import { hash } from "node:crypto";
import type { FileModes } from "../../../api/file-modes.ts";
import type { Entry } from "../storage.ts";
import type { CountedFile } from "../usage/usage-ledger.ts";
import { modifiedOf } from "./bodies.ts";
import { nameOf } from "./keys.ts";
import type { ObjectFacts } from "./object-store.ts";

/**
 * Modification time that listings contain for directories, because object storage has no modification times of
 * directories.
 */
const NO_TIME = new Date(0);

export function fileEntry(
  path: string,
  key: string,
  { size, modified, metadata }: Pick<ObjectFacts, "size" | "modified"> & Partial<ObjectFacts>,
  modes: FileModes,
): Entry {
  return {
    name: nameOf(path),
    type: "File",
    size,
    modified: (metadata && modifiedOf(metadata)) ?? modified,
    unique: uniqueOf(key),
    mode: modes.file,
  };
}

/** @param key key prefix of the directory */
export function directoryEntry(path: string, key: string, modes: FileModes): Entry {
  return {
    name: nameOf(path),
    type: "Directory",
    size: 0,
    modified: NO_TIME,
    unique: uniqueOf(key),
    mode: modes.directory,
  };
}

/**
 * Returns the identity of an object: a hash of its key. Object storage has no identifier that remains the same after a
 * rename.
 */
function uniqueOf(key: string): string {
  return hash("sha256", key).slice(0, 24);
}

export function countedFile(key: string, { size }: Pick<ObjectFacts, "size">): CountedFile {
  return { unique: uniqueOf(key), size };
}
