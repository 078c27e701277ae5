import type { EngineConfig } from "../../../../api/engine-config.ts";
import { offsetBeyondEnd } from "../../../errors.ts";
import type { UsageLedger } from "../../usage/usage-ledger.ts";
import type { PartialOf } from "./partials.ts";
import type { RunningUploads } from "./running-uploads.ts";

export type UploadPolicy = Pick<EngineConfig["uploads"], "incomplete" | "sync">;

/** The target and the account of an upload. */
export interface UploadTarget extends PartialOf {
  /** Path below the root, for `running`. */
  path: string;
  /** The running uploads of all homes. */
  running: RunningUploads;
  /** Mode bits of a new file. */
  mode: number;
  /** Called for each decision, because the policy can change while an upload runs. */
  policy: () => UploadPolicy;
  /** Undefined: nothing limits the home. */
  ledger: UsageLedger | undefined;
}

/** @throws EngineError InvalidOffset when a file of `size` bytes is shorter than `offset` */
export function checkOffset(offset: number, size: number): void {
  if (offset > size) throw offsetBeyondEnd(size);
}
