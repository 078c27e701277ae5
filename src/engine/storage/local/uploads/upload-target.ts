import type { UsageLedger } from "../../usage/usage-ledger.ts";
import type { PartialOf } from "./partials.ts";
import type { UploadPolicy } from "../../uploads/incomplete-uploads.ts";
import type { RunningUploads } from "../../uploads/running-uploads.ts";

/** The target and the account of an upload. */
export interface UploadTarget extends PartialOf {
  /** Path of the target below the root, which identifies the target in `running`. */
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
