import type { EngineObjectStorage } from "../../../../api/engine-storage.ts";
import type { KernelCopy } from "../../local/system/kernel-copy.ts";
import type { RunningUploads } from "../../uploads/running-uploads.ts";
import type { UploadPolicy } from "../../uploads/incomplete-uploads.ts";
import type { UsageLedger } from "../../usage/usage-ledger.ts";
import type { KeyLocks } from "../key-locks.ts";
import type { ObjectLimits } from "../limits.ts";
import type { PartialOf } from "./partials.ts";
import type { UploadMemory } from "./upload-memory.ts";

/** The target and the account of an upload. */
export interface ObjectTarget extends PartialOf {
  multipart: EngineObjectStorage["multipart"];
  limits: ObjectLimits;
  /** Reads bytes from sockets directly into parts. If undefined, the engine copies received bytes into parts. */
  kernelCopy: Pick<KernelCopy, "read"> | undefined;
  /** Memory for the parts of all uploads. */
  memory: UploadMemory;
  /** Locks for commits in homes with a quota. */
  locks: KeyLocks;
  /** Account that owns the memory for the parts. */
  owner: string;
  /** Running uploads in all homes of the bucket. */
  running: RunningUploads;
  /** Returns the current upload policy, which can change while an upload runs. */
  policy: () => UploadPolicy;
  /** Ledger for the usage of the home. Undefined if no limit applies to the home. */
  ledger: UsageLedger | undefined;
}
