import type { Usage } from "../../storage.ts";
import type { CountedFile } from "../../usage/usage-ledger.ts";
import { countedFile } from "../entries.ts";
import type { ObjectFacts } from "../object-store.ts";
import { findPartial } from "./partials.ts";
import type { ObjectTarget } from "./upload-target.ts";

/** Returns the counted files that an upload replaces, which are the old object and the account's incomplete upload. */
export async function replacedFiles(
  target: ObjectTarget,
  old: Pick<ObjectFacts, "size"> | undefined,
): Promise<CountedFile[]> {
  const partial = await findPartial(target).catch(() => undefined);
  return [
    ...(old === undefined ? [] : [countedFile(target.key, old)]),
    ...(partial === undefined ? [] : [{ unique: partial.stateKey, size: partial.bytes }]),
  ];
}

/** Returns the change in usage when a file of `position` bytes replaces other files. */
export function growthOver(position: number, removed: readonly CountedFile[]): Usage {
  const bytes = removed.reduce((sum, { size }) => sum + size, 0);
  return { bytes: position - bytes, files: 1 - removed.length };
}
