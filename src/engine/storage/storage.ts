import type { Pause } from "../../common/tick-budget.ts";

/**
 * What the engine asks of a place where files live. Paths are virtual: absolute, POSIX, normalised (no `.`, `..`, empty
 * or control characters; see `path.ts`), relative to one user's home. An implementation never leaves that home.
 *
 * All methods reject with EngineError.
 */
export interface Storage {
  stat(path: string): Promise<Entry>;
  /**
   * Returns the incomplete upload of this account to `path`, which Resume and ResumePartial continue; undefined when there is
   * none, or when an entry has the name.
   */
  resumable(path: string): Promise<Entry | undefined>;
  /**
   * Entries of a directory without `.` and `..`, in batches. Sorted by name up to SORTED_ENTRIES, while `sorting` has memory for
   * the names; otherwise, and without `sorting`, in the order of the directory.
   */
  list(path: string, sorting?: Sorting): AsyncIterable<readonly Entry[]>;
  /** Sizes of all that is in the home, some at a time, in no order; what may not be read is left out. */
  measure(): AsyncIterable<Usage>;
  /** A file opened for reading. */
  openRead(path: string): Promise<ReadHandle>;
  /**
   * A file opened for writing. Nothing is visible at `path` before `commit`, except with modes Append and Resume of a file.
   * @param umask mode bits that a new file does not get
   */
  openUpload(path: string, mode: UploadMode, umask?: number): Promise<Upload>;
  /** Removes a file and the incomplete upload of this account to it. One of them is enough. */
  remove(path: string): Promise<void>;
  /** @param umask as for files */
  makeDirectory(path: string, umask?: number): Promise<void>;
  /** Removes an empty directory, and the incomplete uploads of all accounts in it. */
  removeDirectory(path: string): Promise<void>;
  /**
   * Gives a file or directory another name, in one step. A directory is never replaced. Removes an incomplete upload of this
   * account to `to`, because the name has another file now.
   * @throws EngineError AlreadyExists when `to` is a file that may not be replaced
   */
  rename(from: string, to: string, replaces: Replaces): Promise<void>;
  setModificationTime(path: string, time: Date): Promise<void>;
  /** @param mode POSIX mode bits, lower nine */
  setMode(path: string, mode: number): Promise<void>;
  /** Bytes that may still be written into a directory. */
  availableBytes(path: string): Promise<number>;
}

/** What came from a socket. */
export interface Received {
  /** How many bytes the file has got. */
  bytes: number;
  /** Bytes that came behind them and that the file did not take. */
  rest: Uint8Array | undefined;
}

/** What sorting requires from the caller. */
export interface Sorting {
  /** Claims more memory for names, in bytes. @returns whether it was available */
  readonly mayKeep: (bytes: number) => boolean;
  readonly pause: Pause;
}

/** Which entries a rename may replace. */
export type Replaces = "Files" | "Nothing";

/** Files and directories, and the sizes of the files. */
export interface Usage {
  bytes: number;
  files: number;
}

/** How an upload treats an existing file. Offsets are in bytes. */
export type UploadMode =
  | { type: "Replace" }
  /** Nothing may be there, and nothing is kept of an upload that breaks. */
  | { type: "Create" }
  /** To the end of the file, which is created if it does not exist. Fails while an incomplete upload of the account is kept. */
  | { type: "Append" }
  /** Keeps the data before `offset` (REST + STOR) of the file or, if there is none, of the account's incomplete upload. */
  | { type: "Resume"; offset: number }
  /** Appends to the account's incomplete upload, which has `offset` bytes (SIZE + APPE). Never replaces a file. */
  | { type: "ResumePartial"; offset: number };

export type EntryType = "File" | "Directory";

/** One file or directory. Anything else (sockets, devices, links that lead out) does not exist for a client. */
export interface Entry {
  /** Last component of the path; "/" for the root. */
  name: string;
  type: EntryType;
  /** Bytes; 0 for directories. */
  size: number;
  modified: Date;
  /** Stable for as long as the entry lives; same file, same value (MLST `unique`). */
  unique: string;
  /** POSIX mode bits, lower nine. */
  mode: number;
}

/** A file that is being read. The caller closes it. */
export interface ReadHandle {
  /** As it was when opened. */
  readonly entry: Entry;
  /**
   * Fills `buffer` from `position` (bytes).
   * @returns bytes read; 0 at the end of the file
   */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /**
   * Sends bytes from a position to a socket, by its descriptor, without bringing them here: a file of the system can. At once.
   * @returns bytes sent; 0 when the socket takes none now, or at the end; undefined where they are to be read instead
   */
  sendTo?(socket: number, position: number, bytes: number): number | undefined;
  close(): Promise<void>;
}

/** A file that is being written, at its end. Ends with exactly one of `commit` and `abort`. */
export interface Upload {
  /** Appends the chunks, whole and in order. */
  write(chunks: readonly Uint8Array[]): Promise<void>;
  /**
   * Appends what a socket has to give now, by its descriptor, without bringing it here: a file of the system can. At once.
   * @returns undefined where bytes are to be written instead
   */
  receiveFrom?(socket: number): Received | undefined;
  /**
   * Makes the complete file visible, in one step. A resumed partial is kept when its name was taken in the meantime. When this
   * rejects, the old file is unchanged, unless the upload writes to the file itself.
   */
  commit(): Promise<void>;
  /**
   * Ends an upload that is not complete. The old file does not change. The written data is kept as a partial unless the policy is
   * to remove it. Bytes that were written to the file itself stay.
   */
  abort(rest?: "Removed"): Promise<void>;
}
