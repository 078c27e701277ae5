import { EngineError } from "../../../errors.ts";
import type { UploadMode } from "../../storage.ts";
import type { Directories } from "../directories.ts";
import { nameOf, parentOf } from "../keys.ts";
import type { KnownDirectories } from "../known-directories.ts";
import type { Found } from "./open-upload.ts";
import { findState, type FoundPartial, stateLocation } from "./partials.ts";
import type { ObjectTarget } from "./upload-target.ts";

/**
 * Finds the object and the state object for a path.
 * @throws EngineError IsADirectory if the path is a directory, NotADirectory or NotFound if the parent is not a
 *   directory
 */
export async function checkTarget(
  target: ObjectTarget,
  directories: Directories,
  known: KnownDirectories,
  path: string,
  mode: UploadMode,
): Promise<Found> {
  // The other modes keep existing bytes, and therefore need the current object and state object.
  const isNew = mode.type === "Replace" || mode.type === "Create";
  const found = isNew ? await checkKnown(target, known, path) : undefined;
  return found ?? (await checkAll(target, directories, path));
}

/**
 * Finds the object and the state object. Sends requests only for names that can exist according to the cache of known
 * directories. Returns undefined if the cache does not show that the parent exists.
 */
async function checkKnown(
  target: ObjectTarget,
  known: KnownDirectories,
  path: string,
): Promise<Found | undefined> {
  const { store, keys, key } = target;
  const [parentPath, name] = [parentOf(path), nameOf(path)];
  const prefix = keys.directory(parentPath);
  // The first upload to a directory looks up the object while the listing is still running.
  const early = known.has(prefix) ? undefined : store.head(key);
  const [parent, state, first] = await Promise.all([known.look(prefix), knownState(target, known), early]);
  if (!parent.exists && parentPath !== "/") return undefined;
  const [old, below] = await Promise.all([
    early === undefined && parent.mayHaveFile(name) ? store.head(key) : first,
    parent.mayHaveDirectory(name) ? store.list(`${key}/`, { max: 1 }) : undefined,
  ]);
  if (old === undefined && below?.objects[0] !== undefined) throw isDirectory();
  return { old, state };
}

async function knownState(target: ObjectTarget, known: KnownDirectories): Promise<FoundPartial | undefined> {
  const location = stateLocation(target);
  if (location === undefined) return undefined;
  const states = await known.look(location.directory);
  return states.mayHaveFileWith(location.beginning) ? await findState(target) : undefined;
}

async function checkAll(target: ObjectTarget, directories: Directories, path: string): Promise<Found> {
  const [old, state, hasDirectory] = await Promise.all([
    target.store.head(target.key),
    findState(target),
    directories.exists(path),
    directories.check(parentOf(path)),
  ]);
  if (hasDirectory && old === undefined) throw isDirectory();
  return { old, state };
}

function isDirectory(): EngineError {
  return new EngineError("IsADirectory", "Is a directory");
}
