import type { EngineConfig } from "../../../../api/engine-config.ts";
import { offsetBeyondEnd } from "../../../errors.ts";
import type { UsageLedger } from "../../usage/usage-ledger.ts";
import type { PartialOf } from "./partials.ts";
import type { RunningUploads } from "./running-uploads.ts";

export type UploadPolicy = Pick<EngineConfig["uploads"], "incomplete" | "sync">;

/** Target and account of an upload. */
export interface UploadTarget extends PartialOf {
  /** Path below the root, used for `running`. */
  path: string;
  /** Running uploads in all homes. */
  running: RunningUploads;
  /** Mode bits of a new file. */
  mode: number;
  /** Returns the current policy, which can change during an upload. */
  policy: () => UploadPolicy;
  /** Usage ledger. The value is undefined when the home has no limit. */
  ledger: UsageLedger | undefined;
}

/** @throws EngineError InvalidOffset when a file of `size` bytes is shorter than `offset` */
export function checkOffset(offset: number, size: number): void {
  if (offset > size) throw offsetBeyondEnd(size);
}
