import type { EngineError } from "../../errors.ts";
import type { Entry, Storage, Usage } from "../storage.ts";

/** A stored file, identified as `Entry.unique` does. */
export type CountedFile = Pick<Entry, "unique" | "size">;

/** What an upload, or a new directory, adds to a home. */
export interface Growth {
  /** "Temporary": counts of the home leave the file out until the upload ends. "InPlace": they include it. */
  file: "Temporary" | "InPlace";
  /** Offset of the first byte that the upload writes. */
  start: number;
  /** Files whose bytes the upload can reuse: those that its commit removes, or the one that it writes to. */
  reuses: readonly CountedFile[];
  /** Number of new files and directories: 0 or 1. */
  files: number;
}

/**
 * Records what a home contains, so that a quota or a space limit holds. A storage calls it for every change. Growth is reserved
 * before it is stored, and removed usage is booked afterwards.
 */
export interface UsageLedger {
  /**
   * Whether usage must be exact, because the account has a quota now. An upload then begins and ends in `exclusively`, and looks up
   * what it replaces.
   */
  readonly isExact: boolean;
  /** Returns the number of bytes that can still be stored; Infinity without a limit. */
  available(): Promise<number>;
  /** Waits for the first count of the home, for a limited time. Undefined when nothing must be awaited. */
  ready(): Promise<void> | undefined;
  /** Runs one change of the home at a time, so that what the change looks up stays true until it is booked. */
  exclusively<T>(change: () => Promise<T>): Promise<T>;
  /**
   * Reserves space for growth. Undefined when nothing limits it.
   * @throws EngineError QuotaExceeded or NoSpace
   */
  reserve(growth: Growth): Promise<Reservation | undefined> | Reservation | undefined;
  /**
   * Books what a change removed.
   * @param shortened the file that lost these bytes, as `Entry.unique`; undefined: complete files were removed
   */
  removed(usage: Usage, shortened?: string): void;
  /** Registers a rename, which a running count can miss. The returned function ends it with the entry that was moved. */
  startMove(): EndMove;
}

/** Ends a rename. Undefined: the rename failed. */
export type EndMove = (moved: Entry | undefined) => void;

/** The space that a running upload holds. It ends with `settle` or `release`; calls after the end have no effect. */
export interface Reservation {
  /** As `UsageLedger.isExact` was when the upload began. */
  readonly isExact: boolean;
  /** Whether bytes were rejected. The upload must not be kept then, because it would keep the home or the volume full. */
  readonly isExceeded: boolean;
  /** Returns whether `grow` would accept the bytes immediately. */
  fits(bytes: number): boolean;
  /**
   * Reserves space for bytes that are written next. Undefined: done.
   * @throws EngineError QuotaExceeded or NoSpace, directly or by the promise
   */
  grow(bytes: number): Promise<void> | undefined;
  /** Returns the error if this growth does not fit in place of the reserved space; undefined if it fits. */
  rejection(growth: Usage): EngineError | undefined;
  /** Ends the reservation and books the growth; without an argument, the reserved space. */
  settle(growth?: Usage): void;
  /** Ends the reservation of something that was not stored. */
  release(): void;
}

/** Opens the ledger of a home. @param home measured when the ledger must count what the home contains */
export type OpenLedger = (home: Measurable) => UsageLedger;

/** What a count reads. */
export type Measurable = Pick<Storage, "measure">;
