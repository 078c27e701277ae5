import type { FileModes } from "../../api/file-modes.ts";
import type { EventBucket } from "./object/object-store.ts";
import type { Storage } from "./storage.ts";
import type { ProbeOptions, StorageProbe } from "./storage-probe.ts";
import type { OpenLedger } from "./usage/usage-ledger.ts";

/** The homes of all accounts on one volume or in one bucket. */
export interface HomeTree {
  /** Part of the bucket that contains undelivered events. The value is undefined if the homes are on a volume. */
  readonly events?: EventBucket;
  /**
   * Opens an account's home.
   * @param homeDirectory absolute virtual path below the root of the tree
   * @throws EngineError
   */
  openHome(homeDirectory: string, options?: HomeOptions): Promise<Storage>;
  /** @param homes returns the homes of accounts that can change files; undefined when there are none */
  startProbe(homes: () => Iterable<string> | undefined, options: ProbeOptions): Promise<StorageProbe>;
  /**
   * Removes stale uploads immediately and then periodically, until the signal is aborted.
   * @param done called after each run with the number of removed uploads, or with the error
   */
  keepRemovingStaleUploads(signal: AbortSignal, done: (result: number | Error) => void): Promise<void>;
  close(): Promise<void>;
}

export interface HomeOptions {
  /** Account name for incomplete uploads. Without this name, the engine discards incomplete uploads. */
  account?: string;
  /**
   * Paths of directories to create in the home. The engine creates these directories together with the home, and
   * ignores errors.
   */
  directories?: readonly string[];
  /** Whether the engine creates missing directories, including the home. Defaults to `Create`. */
  missing?: "Create" | "Ignore";
  /** Whether the account can change existing files. */
  changes?: "Allowed" | "Denied";
  /** Returns the modes of new files and directories. Defaults to 0640 and 0750. */
  modes?: () => FileModes;
  /** Opens the usage ledger, which can limit the home. Defaults to no limit. */
  ledger?: OpenLedger;
}
