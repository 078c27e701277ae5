import type { EngineError } from "../../errors.ts";
import type { Entry, Storage, Usage } from "../storage.ts";

/** Identity and size of a stored file. */
export type CountedFile = Pick<Entry, "unique" | "size">;

/** Growth of a home that an upload or a new directory causes. */
export interface Growth {
  /** With `Temporary`, counts omit the file until the upload ends. With `InPlace`, counts include the file. */
  file: "Temporary" | "InPlace";
  /** Offset in bytes of the first byte that the upload writes. */
  start: number;
  /**
   * Files whose bytes the upload can reuse: the files that its commit removes, or the file to which the upload writes.
   */
  reuses: readonly CountedFile[];
  /** Number of new files and directories: 0 or 1. */
  files: number;
}

/**
 * Records the usage of a home and rejects growth beyond a quota or space limit. The storage calls the ledger before
 * every growth, to reserve space, and after every removal.
 */
export interface UsageLedger {
  /**
   * Whether the ledger requires the exact growth, because the account has a quota. With a quota, uploads begin and end
   * in `exclusively`, and look up the files that they replace.
   */
  readonly isExact: boolean;
  /** Returns the number of bytes that the account can still store. Returns Infinity if no limit applies. */
  available(): Promise<number>;
  /** Waits for the first count of the home for a limited time. Returns undefined when the account has no quota. */
  ready(): Promise<void> | undefined;
  /**
   * Runs one change to the home at a time. File sizes remain valid from their lookup until the ledger records the
   * change.
   */
  exclusively<T>(change: () => Promise<T>): Promise<T>;
  /**
   * Reserves space for growth. Returns undefined if no limit applies.
   * @throws EngineError QuotaExceeded or NoSpace
   */
  reserve(growth: Growth): Promise<Reservation | undefined> | Reservation | undefined;
  /**
   * Records the removal of files, directories or bytes.
   * @param shortened identity of the file that lost bytes; undefined when complete entries were removed
   */
  removed(usage: Usage, shortened?: string): void;
  /** Registers a rename until the returned function is called. A running count can miss the moved entry. */
  startMove(): EndMove;
}

/**
 * Ends a rename.
 * @param moved moved entry; undefined when the rename failed
 */
export type EndMove = (moved: Entry | undefined) => void;

/**
 * Space reserved for a running upload. `settle` or `release` ends the reservation. Further calls to these methods have
 * no effect.
 */
export interface Reservation {
  /** `UsageLedger.isExact` at the start of the upload. */
  readonly isExact: boolean;
  /** Whether `grow` rejected bytes. The engine must not keep such an upload as an incomplete upload. */
  readonly isExceeded: boolean;
  /** Returns whether `grow` would accept the bytes immediately. */
  fits(bytes: number): boolean;
  /**
   * Reserves space for the next bytes. Returns a promise only if the engine must first count the volume.
   * @throws EngineError QuotaExceeded or NoSpace, either directly or through the promise
   */
  grow(bytes: number): Promise<void> | undefined;
  /**
   * Returns an error if the usage would exceed a limit after the growth has replaced the reserved space. Returns
   * undefined if the growth fits.
   */
  rejection(growth: Usage): EngineError | undefined;
  /**
   * Replaces the reserved space with the growth of a commit that does not run in `exclusively`. `settle` then records
   * the actual growth.
   */
  hold?(growth: Usage): void;
  /** Ends the reservation and records the growth. Without an argument, records the reserved space. */
  settle(growth?: Usage): void;
  /** Ends a reservation without recording growth. */
  release(): void;
}

/** Opens the usage ledger for a home. The ledger counts the usage with `measure`. */
export type OpenLedger = (home: Measurable) => UsageLedger;

/** The storage methods that a usage count requires. */
export type Measurable = Pick<Storage, "measure">;
