import type { UsageLedger } from "../../usage/usage-ledger.ts";
import type { PartialOf } from "./partials.ts";
import type { UploadPolicy } from "../../uploads/incomplete-uploads.ts";
import type { RunningUploads } from "../../uploads/running-uploads.ts";

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
