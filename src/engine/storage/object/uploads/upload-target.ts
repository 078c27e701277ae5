import type { EngineObjectStorage } from "../../../../api/engine-storage.ts";
import type { KernelCopy } from "../../local/system/kernel-copy.ts";
import type { RunningUploads } from "../../uploads/running-uploads.ts";
import type { UploadPolicy } from "../../uploads/incomplete-uploads.ts";
import type { Reservation, UsageLedger } from "../../usage/usage-ledger.ts";
import type { KeyLocks } from "../key-locks.ts";
import type { ObjectLimits } from "../limits.ts";
import type { Condition, CopySource, ObjectFacts, ObjectMetadata } from "../object-store.ts";
import type { KeptPart } from "./partial-state.ts";
import type { PartialOf } from "./partials.ts";
import type { UploadMemory } from "./upload-memory.ts";

/** The target and the account of an upload. */
export interface ObjectTarget extends PartialOf {
  multipart: EngineObjectStorage["multipart"];
  limits: ObjectLimits;
  /**
   * Reads bytes from sockets directly into parts. If undefined, the engine copies received bytes from Node.js buffers
   * into parts.
   */
  kernelCopy: Pick<KernelCopy, "read"> | undefined;
  /** Memory for the parts of all uploads. */
  memory: UploadMemory;
  /** Locks for commits in homes with a quota. */
  locks: KeyLocks;
  /** Account whose share of the memory the parts use. */
  owner: string;
  /** Running uploads in all homes in the bucket. */
  running: RunningUploads;
  /** Returns the current upload policy, which can change while an upload runs. */
  policy: () => UploadPolicy;
  /** Usage ledger of the home. The value is undefined if no limit applies to the home. */
  ledger: UsageLedger | undefined;
}

/** Parameters that are known when an upload starts. */
export interface UploadPlan {
  /** Metadata of the object, including the upload ID. */
  metadata: ObjectMetadata;
  /** Required state of the key at the commit. */
  condition: Condition["condition"];
  /** Object at the key when the upload started. The value is undefined if the key had no object. */
  old: ObjectFacts | undefined;
  /** Whether a broken upload keeps its parts if the policy permits incomplete uploads. */
  isKept: boolean;
  /** Whether the account has a state object for this key. The commit removes this state object. */
  hasState: boolean;
  reservation: Reservation | undefined;
  /** Bytes of the old object that the service copies to the beginning of the new object. */
  base?: { source: CopySource; end: number };
  /** Bytes of the old object that the engine reads and sends again. */
  beginning?: AsyncIterable<Uint8Array>;
  /** Incomplete upload to continue. */
  resumed?: { uploadId: string; parts: readonly KeptPart[] };
}
