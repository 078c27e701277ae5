import { setImmediate as nextTick } from "node:timers/promises";
import { EngineError, toEngineError } from "../../errors.ts";
import { entriesIn, isShown, visibleEntry } from "./listing/entries.ts";
import { type PartialOf, removePartial, removePartialsOnly } from "./uploads/partials.ts";
import type { Usage } from "../storage.ts";
import type { Directory } from "./system/directory.ts";

/** Maximum number of batches of names in which to search for a visible entry. */
const MAX_BATCHES = 100;

/**
 * Removes a file and its partial upload. The file or the partial upload must exist.
 * @returns removed usage
 */
export async function removeFile(of: PartialOf): Promise<Usage> {
  const { parent, name } = of;
  const stats = await parent.lstatIfThere(name || ".");
  const entry = stats && visibleEntry(name, stats);
  if (entry?.type === "Directory") throw new EngineError("IsADirectory", "Is a directory; use RMD");
  if (entry !== undefined) await parent.unlink(name);
  const { bytes, files } = await removePartial(of);
  if (entry !== undefined) return { bytes: bytes + entry.size, files: files + 1 };
  if (files === 0) throw new EngineError("NotFound", "No such file or directory");
  return { bytes, files };
}

/**
 * Removes a directory that contains no visible entries. Also removes the partial uploads in the directory.
 * @returns removed usage
 * @throws EngineError DirectoryNotEmpty. If the directory contains only hidden entries, the error message states this
 *   reason.
 */
export async function removeEmptyDirectory(parent: Directory, name: string): Promise<Usage> {
  try {
    await parent.rmdir(name);
    return { bytes: 0, files: 1 };
  } catch (error) {
    if (toEngineError(error).code !== "DirectoryNotEmpty") throw error;
    const partials = await removeHidden(parent, name, error);
    await parent.rmdir(name);
    return { bytes: partials.bytes, files: partials.files + 1 };
  }
}

/**
 * Removes the partial uploads in a directory.
 * @throws the given error if the directory contains visible entries, or an EngineError that explains hidden entries
 */
async function removeHidden(parent: Directory, name: string, error: unknown): Promise<Usage> {
  const directory = await parent.openDirectory(name);
  try {
    const partials = await removePartialsOnly(directory);
    if (partials !== undefined) return partials;
    if (await showsNothing(directory)) throw notServed();
    throw error;
  } finally {
    await directory.close();
  }
}

async function showsNothing(directory: Directory): Promise<boolean> {
  let batches = 0;
  for await (const entries of entriesIn(directory, isShown)) {
    if (entries.length > 0) return false;
    if (++batches === MAX_BATCHES) break;
    await nextTick();
  }
  return true;
}

function notServed(): EngineError {
  return new EngineError(
    "DirectoryNotEmpty",
    "Directory not empty: it contains entries that are not served (symbolic links, devices, running uploads)",
  );
}
