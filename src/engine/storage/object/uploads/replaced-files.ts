import type { Usage } from "../../storage.ts";
import type { CountedFile, Reservation } from "../../usage/usage-ledger.ts";
import { countedFile } from "../entries.ts";
import type { Condition, ObjectFacts } from "../object-store.ts";
import { findPartial } from "./partials.ts";
import type { ObjectTarget } from "./upload-target.ts";

/** The files that a commit replaces. */
export interface Replaced {
  /** The old object. The list is empty if the key has no object. */
  files: readonly CountedFile[];
  /** Whether the account has an incomplete upload to the key. The commit removes this upload. */
  hasPartial: boolean;
}

/**
 * Reserves the growth that a home would have if an upload with the given length were committed now. Returns undefined
 * if the home has no usage ledger.
 * @throws EngineError QuotaExceeded
 */
export async function holdGrowth(
  target: ObjectTarget,
  { reservation, condition }: Condition & { reservation: Reservation | undefined },
  position: number,
): Promise<Replaced | undefined> {
  const { ledger, store, key } = target;
  return await ledger?.exclusively(async () => {
    const now = condition === "Absent" ? undefined : await store.head(key);
    const all = await replacedFiles(target, now);
    const growth = growthOver(position, all);
    const rejection = reservation?.rejection(growth);
    if (rejection !== undefined) throw rejection;
    reservation?.hold?.(growth);
    const files = now === undefined ? [] : [countedFile(key, now)];
    return { files, hasPartial: all.length > files.length };
  });
}

/**
 * Returns the files that an upload replaces and that count toward the quota: the old object and the account's
 * incomplete upload.
 */
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

/** Returns the growth of a home after a file with the given length has replaced the given files. */
export function growthOver(position: number, removed: readonly CountedFile[]): Usage {
  const bytes = removed.reduce((sum, { size }) => sum + size, 0);
  return { bytes: position - bytes, files: 1 - removed.length };
}
