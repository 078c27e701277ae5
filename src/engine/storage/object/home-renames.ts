import { EngineError } from "../../errors.ts";
import type { Entry, RenameControl, Replaces } from "../storage.ts";
import { fileExists, nothingThere } from "../uploads/incomplete-uploads.ts";
import type { UsageLedger } from "../usage/usage-ledger.ts";
import type { Directories } from "./directories.ts";
import { type HomeKeys, parentOf } from "./keys.ts";
import type { ObjectLimits } from "./limits.ts";
import type { ObjectFacts, ObjectStore } from "./object-store.ts";
import { moveObject, movePrefix } from "./renames.ts";
import { type PartialOf, removePartial } from "./uploads/partials.ts";

/** Components of a home that a rename uses. */
export interface RenameParts {
  store: ObjectStore;
  limits: ObjectLimits;
  keys: HomeKeys;
  directories: Directories;
  ledger: UsageLedger | undefined;
  /** The account's incomplete upload to the new name, which the rename removes. */
  partial: PartialOf;
}

export interface Rename {
  moved: Entry;
  from: string;
  to: string;
  replaces: Replaces;
  control: RenameControl | undefined;
}

/** Renames a file or directory in a home, and subtracts the files that the rename removes from the recorded usage. */
export async function renameEntry(parts: RenameParts, rename: Rename): Promise<void> {
  const { directories, ledger } = parts;
  const { moved, from, to } = rename;
  await directories.check(parentOf(to));
  const endMove = ledger?.startMove();
  let isMoved = false;
  try {
    if (from !== to) await move(parts, rename);
    isMoved = true;
  } finally {
    endMove?.(isMoved ? moved : undefined);
  }
}

async function move(parts: RenameParts, rename: Rename): Promise<void> {
  const { store, limits, keys, directories, ledger } = parts;
  const { moved, from, to, replaces, control } = rename;
  const isFile = moved.type === "File";
  const replaced = await replacedBy(parts, isFile, to, replaces);
  if (!isFile && to.startsWith(`${from}/`))
    throw new EngineError("NameNotAllowed", "A directory cannot be moved into itself");
  await directories.keep(parentOf(from));
  if (isFile) {
    const facts = await store.head(keys.file(from));
    if (facts === undefined) throw nothingThere();
    await moveObject(store, limits, { from: keys.file(from), facts }, keys.file(to), replaces);
  } else await movePrefix({ store, limits, control }, keys.directory(from), keys.directory(to));
  if (replaced !== undefined) ledger?.removed({ bytes: replaced.size, files: 1 });
  const partial = await removePartial(parts.partial).catch(() => undefined);
  if (partial !== undefined) ledger?.removed({ bytes: partial, files: 1 });
}

/**
 * Returns the file that a rename to the given path would replace, if any.
 * @throws EngineError if the path exists and cannot be replaced
 */
async function replacedBy(
  { store, keys, directories }: RenameParts,
  isFile: boolean,
  to: string,
  replaces: Replaces,
): Promise<ObjectFacts | undefined> {
  const [replaced, isDirectory] = await Promise.all([store.head(keys.file(to)), directories.exists(to)]);
  if (isDirectory && replaced === undefined)
    throw new EngineError("IsADirectory", "A directory has this name");
  if (replaced !== undefined && (!isFile || replaces === "Nothing")) throw fileExists(false);
  return replaced;
}
