import type { EngineError } from "../../errors.ts";
import type { Entry, Storage, Usage } from "../storage.ts";

/** Identity and size of a stored file. */
export type CountedFile = Pick<Entry, "unique" | "size">;

/** The growth of a home by an upload or a new directory. */
export interface Growth {
  /** "Temporary": counts leave the file out until the upload ends. "InPlace": counts include it. */
  file: "Temporary" | "InPlace";
  /** Offset of the first byte that the upload writes. */
  start: number;
  /** Files whose bytes the upload can reuse: those that its commit removes, or the one that it writes to. */
  reuses: readonly CountedFile[];
  /** Number of new files and directories: 0 or 1. */
  files: number;
}

/**
 * Books the usage of a home and rejects growth beyond a quota or a space limit. A storage calls it for every change: it reserves
 * growth before it stores anything, and books removal afterwards.
 */
export interface UsageLedger {
  /**
   * Whether growth must be exact, because the account has a quota. Uploads then begin and end in `exclusively`, and look up the files
   * that they replace.
   */
  readonly isExact: boolean;
  /** Returns the number of bytes that can still be stored; Infinity without a limit. */
  available(): Promise<number>;
  /** Waits for the first count of the home, for a limited time. Undefined when the account has no quota. */
  ready(): Promise<void> | undefined;
  /** Runs one change of the home at a time. Looked-up sizes stay valid until the change is booked. */
  exclusively<T>(change: () => Promise<T>): Promise<T>;
  /**
   * Reserves space for growth. Undefined when nothing limits it.
   * @throws EngineError QuotaExceeded or NoSpace
   */
  reserve(growth: Growth): Promise<Reservation | undefined> | Reservation | undefined;
  /**
   * Books the removal of files and directories, or of bytes.
   * @param shortened identity of the file that lost the bytes; undefined: complete entries were removed
   */
  removed(usage: Usage, shortened?: string): void;
  /** Registers a rename, because a running count can miss the moved entry. The returned function ends it. */
  startMove(): EndMove;
}

/** Ends a rename. @param moved the moved entry; undefined: the rename failed */
export type EndMove = (moved: Entry | undefined) => void;

/** The space that a running upload holds. `settle` or `release` ends it. Further calls have no effect. */
export interface Reservation {
  /** `UsageLedger.isExact` at the start of the upload. */
  readonly isExact: boolean;
  /** Whether `grow` rejected bytes. An upload that does not fit must not be kept as incomplete. */
  readonly isExceeded: boolean;
  /** Returns whether `grow` would accept the bytes immediately. */
  fits(bytes: number): boolean;
  /**
   * Reserves space for the next bytes. Returns a promise only if the volume must be counted first.
   * @throws EngineError QuotaExceeded or NoSpace, also through the promise
   */
  grow(bytes: number): Promise<void> | undefined;
  /** Returns the error if this growth does not fit instead of the reserved space. Undefined if it fits. */
  rejection(growth: Usage): EngineError | undefined;
  /** Ends the reservation and books the growth. Without an argument, books the reserved space. */
  settle(growth?: Usage): void;
  /** Ends the reservation when nothing was stored. */
  release(): void;
}

/** Opens the ledger of a home, which it counts with `measure`. */
export type OpenLedger = (home: Measurable) => UsageLedger;

/** The part of a storage that counts use. */
export type Measurable = Pick<Storage, "measure">;
