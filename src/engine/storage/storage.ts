import type { Pause } from "../../common/tick-budget.ts";
import type { EngineError } from "../errors.ts";

/**
 * Files in one home. Paths are virtual: absolute POSIX paths below the home, normalized by `resolvePath`. An
 * implementation never accesses files outside the home.
 *
 * All methods reject with EngineError.
 */
export interface Storage {
  /** Whether different paths never lead to the same entry, as with object keys. Defaults to false. */
  readonly hasDistinctPaths?: boolean;
  stat(path: string): Promise<Entry>;
  /**
   * Returns the incomplete upload of this account to `path`. The modes `Resume` and `ResumePartial` continue this
   * upload. Returns undefined when there is no incomplete upload or when an entry has this name.
   */
  resumable(path: string): Promise<Entry | undefined>;
  /**
   * Yields the entries of a directory in batches, without `.` and `..`. With `sorting`, sorts entries by name unless
   * the directory has more than SORTED_ENTRIES entries or memory is short.
   */
  list(path: string, sorting?: Sorting): AsyncIterable<readonly Entry[]>;
  /** Yields the usage of all files and directories in the home in parts. Skips unreadable directories. */
  measure(): AsyncIterable<Usage>;
  /** @param start offset of the first read, if known. Object storage then opens and reads the file with one request. */
  openRead(path: string, start?: number): Promise<ReadHandle>;
  /**
   * Starts an upload. The data is invisible to clients before `commit`, unless the upload appends to a file or resumes
   * an existing file.
   * @param umask mode bits to remove from the mode of a new file
   */
  openUpload(path: string, mode: UploadMode, umask?: number): Promise<Upload>;
  /**
   * Removes a file and the incomplete upload of this account to the same path. The file or the incomplete upload must
   * exist.
   */
  remove(path: string): Promise<void>;
  /** @param umask mode bits to remove from the mode of the directory */
  makeDirectory(path: string, umask?: number): Promise<void>;
  /** Removes an empty directory and the incomplete uploads of all accounts in the directory. */
  removeDirectory(path: string): Promise<void>;
  /**
   * Renames a file or directory atomically. Never replaces a directory. Removes the incomplete upload of this account
   * to `to`, because another file now has the name.
   * @param control for storage that copies the files of a directory
   * @throws EngineError AlreadyExists when `to` is a file and `replaces` is `Nothing`
   */
  rename(from: string, to: string, replaces: Replaces, control?: RenameControl): Promise<void>;
  /**
   * Returns whether the rename of a directory copies its files, which can take minutes. Absent if a rename never copies
   * files.
   */
  copiesOnRename?(path: string): boolean;
  /**
   * Returns whether the listings at and below a path omit all names with control characters. Every listed name is then
   * exact, and a search for an entry by its listed name is unnecessary. Absent if listings can contain such names.
   */
  listsExactNames?(path: string): boolean;
  setModificationTime(path: string, time: Date): Promise<void>;
  /** @param mode lower nine POSIX mode bits */
  setMode(path: string, mode: number): Promise<void>;
  /** Returns the number of bytes that can still be stored in a directory. */
  availableBytes(path: string): Promise<number>;
}

/** Result of moving bytes from a socket to a file. */
export interface Received {
  /** Number of bytes written to the file. */
  bytes: number;
  /** Remaining received bytes that the file did not accept. */
  rest: Uint8Array | undefined;
}

/** Resources for sorting a listing. */
export interface Sorting {
  /** Reserves memory in bytes for names. Returns whether memory was available. */
  readonly mayKeep: (bytes: number) => boolean;
  readonly pause: Pause;
}

/** Control of a rename that copies files. */
export interface RenameControl {
  /** Ends the rename before the first original is removed. The abort reason is an EngineError. */
  readonly signal: AbortSignal;
  /** Called between two groups of copies. A rejection ends the rename. */
  readonly pause: () => Promise<void>;
  /** Called after each copy with the number of copied objects and the total number of objects. */
  readonly progress: (copied: number, all: number) => void;
}

/** Entries that a rename can replace. */
export type Replaces = "Files" | "Nothing";

/** Number of files and directories, and total file size in bytes. */
export interface Usage {
  bytes: number;
  files: number;
}

/** Handling of an existing file by an upload. Offsets are in bytes. */
export type UploadMode =
  | { type: "Replace" }
  /** Fails when the name is taken. Discards the data when the upload breaks. */
  | { type: "Create" }
  /**
   * Writes to the end of the file. Creates a missing file. Fails while an incomplete upload of the account is stored.
   */
  | { type: "Append" }
  /**
   * Keeps the data before `offset` in the existing file (REST + STOR). If no file exists, resumes the incomplete upload
   * of the account.
   */
  | { type: "Resume"; offset: number }
  /** Appends to the incomplete upload of the account at `offset` bytes (SIZE + APPE). Never replaces a file. */
  | { type: "ResumePartial"; offset: number };

/**
 * Range of times in milliseconds since the epoch that FTP can express. A year has four digits (RFC 3659 section 2.3).
 * Storage can contain other times, for example after `touch` with a wrong unit.
 */
export const EARLIEST_TIME = Date.parse("0000-01-01T00:00:00Z");
export const LATEST_TIME = Date.parse("9999-12-31T23:59:59Z");

export type EntryType = "File" | "Directory";

/** File or directory. Clients cannot see other types, such as symbolic links, sockets and devices. */
export interface Entry {
  /** Last name in the path, or `/` for the root. */
  name: string;
  type: EntryType;
  /** Size in bytes; 0 for directories. */
  size: number;
  modified: Date;
  /** Identity of the entry (MLST `unique`). A rename does not change the identity. */
  unique: string;
  /** Lower nine POSIX mode bits. */
  mode: number;
}

/** Checksum of a complete file. */
export interface FileChecksum {
  algorithm: "CRC32";
  /** Lower-case hexadecimal digits. */
  value: string;
}

/** Returns a CRC-32 checksum as 8 hexadecimal digits. */
export function crc32Checksum(crc32: number): FileChecksum {
  return { algorithm: "CRC32", value: crc32.toString(16).padStart(8, "0") };
}

/** File opened for reading. The code that opens the file also closes it. */
export interface ReadHandle {
  /** Entry at the time of opening. */
  readonly entry: Entry;
  /** Checksum of the file. Undefined if the storage must read the file to compute the checksum. */
  readonly checksum?: FileChecksum | undefined;
  /**
   * Checksums of the complete file that the storage has verified, in lower-case hexadecimal digits by HASH algorithm.
   * Absent if the storage keeps no checksums.
   */
  readonly digests?: ReadonlyMap<string, string>;
  /**
   * Reads bytes from `position` into `buffer`.
   * @returns number of bytes read; 0 at the end of the file
   */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /**
   * Sends bytes from a position to a socket with a synchronous system call, bypassing Node.js.
   * @param socket descriptor of the socket
   * @returns number of bytes sent, or undefined when only `read` is possible
   */
  sendTo?(socket: number, position: number, bytes: number): number | undefined;
  close(): Promise<void>;
}

/** Running upload. Each upload ends with exactly one call to `commit` or `abort`. */
export interface Upload {
  /** Checksum of the file after `commit`. Undefined if the upload did not compute the checksum of the complete file. */
  readonly checksum?: FileChecksum | undefined;
  /** Appends all bytes in the chunks in order. */
  write(chunks: readonly Uint8Array[]): Promise<void>;
  /**
   * Appends the available bytes from a socket with a synchronous system call, bypassing Node.js.
   * @param socket descriptor of the socket
   * @returns undefined when only `write` is possible
   */
  receiveFrom?(socket: number): Received | undefined;
  /**
   * Stores the complete file under its name atomically. When `commit` rejects, the old file is unchanged, unless the
   * upload writes directly to this file. If the name of a resumed upload was taken in the meantime, the data remains as
   * an incomplete upload.
   */
  commit(): Promise<void>;
  /**
   * Ends the waits of running calls for permits that other uploads hold. A waiting `write` or `commit` rejects with the
   * reason. Requests that are already running continue. Called before `abort` if the transfer ends early. Absent if no
   * call waits for other uploads.
   */
  interrupt?(reason: EngineError): void;
  /**
   * Ends an incomplete upload. The old file is unchanged. Keeps the data as an incomplete upload if the policy requires
   * it. Bytes written directly to an existing file remain.
   * @param rest `Removed` discards the data regardless of the policy
   */
  abort(rest?: "Removed"): Promise<void>;
}
