import type { EngineObjectStorage } from "../../../../api/engine-config.ts";
import type { RunningUploads } from "../../uploads/running-uploads.ts";
import type { UploadPolicy } from "../../uploads/incomplete-uploads.ts";
import type { UsageLedger } from "../../usage/usage-ledger.ts";
import type { ObjectLimits } from "../limits.ts";
import type { PartialOf } from "./partials.ts";
import type { UploadMemory } from "./upload-memory.ts";

/** The target and the account of an upload. */
export interface ObjectTarget extends PartialOf {
  multipart: EngineObjectStorage["multipart"];
  limits: ObjectLimits;
  /** The memory of all uploads. */
  memory: UploadMemory;
  /** Account that owns the memory for the parts. */
  owner: string;
  /** The running uploads of all homes. */
  running: RunningUploads;
  /** Returns the current policy for each decision. */
  policy: () => UploadPolicy;
  /** Undefined: nothing limits the home. */
  ledger: UsageLedger | undefined;
}
