import { EngineError } from "../../errors.ts";
import type { Usage } from "../storage.ts";
import { nothingThere } from "../uploads/incomplete-uploads.ts";
import type { Directories } from "./directories.ts";
import { parentOf } from "./keys.ts";
import { type PartialOf, removePartial } from "./uploads/partials.ts";

/**
 * Removes a file and the account's incomplete upload to this file. The file or the incomplete upload must exist. The
 * parent directory remains even without other files.
 * @returns the usage that the removal frees
 */
export async function removeFile(directories: Directories, path: string, of: PartialOf): Promise<Usage> {
  const { store, key } = of;
  const facts = path === "/" ? undefined : await store.head(key);
  if (facts === undefined && (await directories.exists(path)))
    throw new EngineError("IsADirectory", "Is a directory; use RMD");
  if (facts !== undefined) {
    await directories.keep(parentOf(path));
    await store.remove(key);
  }
  const bytes = await removePartial(of);
  if (facts !== undefined) return { bytes: facts.size + (bytes ?? 0), files: bytes === undefined ? 1 : 2 };
  if (bytes === undefined) throw nothingThere();
  return { bytes, files: 1 };
}
