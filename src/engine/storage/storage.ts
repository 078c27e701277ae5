import type { Pause } from "../../common/tick-budget.ts";

/**
 * The files of one home. Paths are virtual: absolute POSIX paths below the home, normalized by `resolvePath`. An implementation never
 * accesses anything outside the home.
 *
 * All methods reject with EngineError.
 */
export interface Storage {
  stat(path: string): Promise<Entry>;
  /**
   * Returns the incomplete upload of this account to `path`, which the modes Resume and ResumePartial continue. Undefined when there
   * is none, or when an entry has the name.
   */
  resumable(path: string): Promise<Entry | undefined>;
  /**
   * Yields the entries of a directory, without `.` and `..`, in batches. With `sorting`, they are sorted by name, unless the directory
   * has more than SORTED_ENTRIES or memory is short.
   */
  list(path: string, sorting?: Sorting): AsyncIterable<readonly Entry[]>;
  /** Yields the usage of all files and directories in the home, in parts. Unreadable directories are skipped. */
  measure(): AsyncIterable<Usage>;
  /** Opens a file for reading. */
  openRead(path: string): Promise<ReadHandle>;
  /**
   * Starts an upload. Clients see nothing of it before `commit`, unless the mode is Append, or Resume of an existing file.
   * @param umask mode bits that are removed from the mode of a new file
   */
  openUpload(path: string, mode: UploadMode, umask?: number): Promise<Upload>;
  /** Removes a file and the incomplete upload of this account to it. At least one of them must exist. */
  remove(path: string): Promise<void>;
  /** @param umask as for uploads */
  makeDirectory(path: string, umask?: number): Promise<void>;
  /** Removes an empty directory, and the incomplete uploads of all accounts in it. */
  removeDirectory(path: string): Promise<void>;
  /**
   * Renames a file or directory atomically. A directory is never replaced. The incomplete upload of this account to `to` is removed,
   * because the name has another file now.
   * @throws EngineError AlreadyExists when `to` is a file that `replaces` excludes
   */
  rename(from: string, to: string, replaces: Replaces): Promise<void>;
  setModificationTime(path: string, time: Date): Promise<void>;
  /** @param mode POSIX mode bits, lower nine */
  setMode(path: string, mode: number): Promise<void>;
  /** Returns the number of bytes that can still be stored in a directory. */
  availableBytes(path: string): Promise<number>;
}

/** The result of copying bytes from a socket to a file. */
export interface Received {
  /** Number of bytes that were written to the file. */
  bytes: number;
  /** Bytes that follow them and that the file did not accept. */
  rest: Uint8Array | undefined;
}

/** Resources for sorting a listing. */
export interface Sorting {
  /** Claims memory for names, in bytes. Returns whether it was available. */
  readonly mayKeep: (bytes: number) => boolean;
  readonly pause: Pause;
}

/** The entries that a rename replaces. */
export type Replaces = "Files" | "Nothing";

/** Number of files and directories, and total size of the files in bytes. */
export interface Usage {
  bytes: number;
  files: number;
}

/** How an upload treats an existing file. Offsets are in bytes. */
export type UploadMode =
  | { type: "Replace" }
  /** Fails when the name is taken. Nothing is kept when the upload breaks. */
  | { type: "Create" }
  /** Writes to the end of the file, which is created if it does not exist. Fails while an incomplete upload of the account is kept. */
  | { type: "Append" }
  /** Keeps the data before `offset` of the file (REST + STOR). Without a file, of the incomplete upload of the account. */
  | { type: "Resume"; offset: number }
  /** Appends to the incomplete upload of the account, which has `offset` bytes (SIZE + APPE). Never replaces a file. */
  | { type: "ResumePartial"; offset: number };

export type EntryType = "File" | "Directory";

/** A file or directory. Clients see no other types, such as symbolic links, sockets and devices. */
export interface Entry {
  /** Last name of the path; "/" for the root. */
  name: string;
  type: EntryType;
  /** Size in bytes; 0 for directories. */
  size: number;
  modified: Date;
  /** Identity of the entry, which a rename does not change (MLST `unique`). */
  unique: string;
  /** POSIX mode bits, lower nine. */
  mode: number;
}

/** A file that is open for reading. The code that opens it also closes it. */
export interface ReadHandle {
  /** The entry at the time of opening. */
  readonly entry: Entry;
  /**
   * Reads bytes from `position` into `buffer`.
   * @returns number of bytes read; 0 at the end of the file
   */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /**
   * Sends bytes from a position to a socket within the kernel, synchronously.
   * @param socket its descriptor
   * @returns number of bytes sent; 0 when the socket accepts none now, or at the end of the file; undefined when `read` must be used
   */
  sendTo?(socket: number, position: number, bytes: number): number | undefined;
  close(): Promise<void>;
}

/** A running upload. It ends with exactly one call of `commit` or `abort`. */
export interface Upload {
  /** Appends all bytes of the chunks, in order. */
  write(chunks: readonly Uint8Array[]): Promise<void>;
  /**
   * Appends the bytes that a socket has now, within the kernel, synchronously.
   * @param socket its descriptor
   * @returns undefined when `write` must be used
   */
  receiveFrom?(socket: number): Received | undefined;
  /**
   * Stores the complete file under its name, atomically. If this rejects, the old file is unchanged, unless the upload writes to it
   * directly. A resumed upload is kept as incomplete if its name was taken in the meantime.
   */
  commit(): Promise<void>;
  /**
   * Ends an incomplete upload. The old file is unchanged. The data is kept as an incomplete upload if the policy is to keep it.
   * Bytes that were written directly to an existing file stay.
   * @param rest "Removed": the data is removed under every policy
   */
  abort(rest?: "Removed"): Promise<void>;
}
