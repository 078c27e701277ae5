import type { Pause } from "../../common/tick-budget.ts";
import type { EngineError } from "../errors.ts";

/**
 * Files in one home. Paths are virtual: absolute POSIX paths below the home, normalized by `resolvePath`. An
 * implementation never accesses files outside the home.
 *
 * All methods reject with EngineError.
 */
export interface Storage {
  /** Whether different paths always lead to different entries, as with object keys. Defaults to false. */
  readonly hasDistinctPaths?: boolean;
  stat(path: string): Promise<Entry>;
  /**
   * Returns this account's incomplete upload to `path`. The modes `Resume` and `ResumePartial` continue this upload.
   * Returns undefined if no incomplete upload exists, or if an entry has this name.
   */
  resumable(path: string): Promise<Entry | undefined>;
  /**
   * Yields the entries of a directory in batches, without `.` and `..`. With `sorting`, sorts entries by name unless
   * the directory has more than `SORTED_ENTRIES` entries or memory is insufficient.
   */
  list(path: string, sorting?: Sorting): AsyncIterable<readonly Entry[]>;
  /**
   * Yields the usage of all files and directories in the home, in parts whose sum is the total. Skips unreadable
   * directories.
   */
  measure(): AsyncIterable<Usage>;
  /**
   * @param start offset of the first read, if known. With a known offset, object storage opens and reads the file with
   *   one request.
   */
  openRead(path: string, start?: number): Promise<ReadHandle>;
  /**
   * Starts an upload. Clients cannot see the data before `commit`, unless the upload appends to a file or resumes an
   * existing file.
   * @param umask mode bits to remove from the mode of a new file
   */
  openUpload(path: string, mode: UploadMode, umask?: number): Promise<Upload>;
  /**
   * Removes a file and this account's incomplete upload to the same path. The file or the incomplete upload must exist.
   */
  remove(path: string): Promise<void>;
  /** @param umask mode bits to remove from the mode of the directory */
  makeDirectory(path: string, umask?: number): Promise<void>;
  /** Removes an empty directory and all accounts' incomplete uploads in the directory. */
  removeDirectory(path: string): Promise<void>;
  /**
   * Renames a file or directory atomically. Never replaces a directory. Removes this account's incomplete upload to
   * `to`, because another file now has the name.
   * @param control for storage that copies the files of a directory
   * @throws EngineError AlreadyExists if `to` is a file and `replaces` is `Nothing`
   */
  rename(from: string, to: string, replaces: Replaces, control?: RenameControl): Promise<void>;
  /**
   * Returns whether a directory rename copies the files in the directory, which can take minutes. The method is absent
   * if a rename never copies files.
   */
  copiesOnRename?(path: string): boolean;
  /**
   * Returns whether listings at and below a path omit all names that contain control characters. Every listed name is
   * then exact, so commands do not have to search for the entry with a listed name. The method is absent if listings
   * can contain such names.
   */
  listsExactNames?(path: string): boolean;
  setModificationTime(path: string, time: Date): Promise<void>;
  /** @param mode lower nine POSIX mode bits */
  setMode(path: string, mode: number): Promise<void>;
  /** Returns the number of bytes that clients can still store in a directory. */
  availableBytes(path: string): Promise<number>;
}

/** Result of moving bytes from a socket to a file. */
export interface Received {
  /** Number of bytes written to the file. */
  bytes: number;
  /** Received bytes that the file did not accept. */
  rest: Uint8Array | undefined;
}

/** Resources for sorting a listing. */
export interface Sorting {
  /** Reserves memory in bytes for names. Returns whether memory was available. */
  readonly mayKeep: (bytes: number) => boolean;
  readonly pause: Pause;
}

/** Controls a rename that copies files. */
export interface RenameControl {
  /** Signal that aborts the rename if no original has been removed yet. The abort reason is an EngineError. */
  readonly signal: AbortSignal;
  /** Called after each group of copies. The rename fails if the promise rejects. */
  readonly pause: () => Promise<void>;
  /** Called after each copy with the number of copied objects and the total number of objects. */
  readonly progress: (copied: number, all: number) => void;
}

/** Existing entries that a rename can replace. */
export type Replaces = "Files" | "Nothing";

/** Number of files and directories, and total file size in bytes. */
export interface Usage {
  bytes: number;
  files: number;
}

/** Upload mode, which determines how the upload handles an existing file. Offsets are in bytes. */
export type UploadMode =
  | { type: "Replace" }
  /** Fails if an entry with the target name exists. Discards the data if the upload breaks. */
  | { type: "Create" }
  /** Writes to the end of the file. Creates a missing file. Fails while an incomplete upload of the account exists. */
  | { type: "Append" }
  /**
   * Keeps the data before `offset` in the existing file (REST and STOR). If no file exists, resumes the account's
   * incomplete upload.
   */
  | { type: "Resume"; offset: number }
  /** Appends to the account's incomplete upload at `offset` in bytes (SIZE and APPE). Never replaces a file. */
  | { type: "ResumePartial"; offset: number };

/**
 * First and last time that FTP can express, in milliseconds since the epoch. In FTP, a year has four digits (RFC 3659
 * section 2.3). Storage can contain earlier or later times, for example after `touch` with a wrong unit.
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
  /** Identity of the entry (MLST fact `unique`). A rename does not change the identity. */
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

/** File opened for reading. The code that opens a file must also close it. */
export interface ReadHandle {
  /** State of the file when it was opened. */
  readonly entry: Entry;
  /** Checksum of the file. The value is undefined if the storage must read the file to compute the checksum. */
  readonly checksum?: FileChecksum | undefined;
  /**
   * Checksums of the complete file in lower-case hexadecimal digits, keyed by HASH algorithm. The storage has verified
   * these checksums. The property is absent if the storage keeps no checksums.
   */
  readonly digests?: ReadonlyMap<string, string>;
  /**
   * Reads bytes from `position` into `buffer`.
   * @returns number of bytes read; 0 at the end of the file
   */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /**
   * Yields the bytes from `start` to `end` (exclusive) or to the end of the file without copying them. Each chunk is
   * valid only until the consumer requests the next chunk. The method is absent if the storage reads into a buffer.
   */
  chunks?(start: number, end: number): AsyncGenerator<Uint8Array>;
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
  /**
   * Checksum of the file after `commit`. The value is undefined if the upload did not compute the checksum of the
   * complete file.
   */
  readonly checksum?: FileChecksum | undefined;
  /** Appends the bytes of all chunks in order. */
  write(chunks: readonly Uint8Array[]): Promise<void>;
  /**
   * Appends the available bytes from a socket with a synchronous system call, bypassing Node.js.
   * @param socket descriptor of the socket
   * @returns undefined when only `write` is possible
   */
  receiveFrom?(socket: number): Received | undefined;
  /**
   * Stores the complete file under its name atomically. If `commit` rejects, the old file does not change, unless the
   * upload writes directly to this file. If another entry has taken the name of a resumed upload, the data remains as
   * an incomplete upload.
   */
  commit(): Promise<void>;
  /**
   * Stops running calls from waiting for permits that other uploads hold. A `write` or `commit` that waits for a permit
   * rejects with the reason. Requests that are already running continue. Called before `abort` if the transfer ends
   * early. The method is absent if no call waits for other uploads.
   */
  interrupt?(reason: EngineError): void;
  /**
   * Ends an incomplete upload. The old file does not change. If the policy is to keep incomplete uploads, the data
   * remains as an incomplete upload. Bytes written directly to an existing file remain.
   * @param rest `Removed` discards the data regardless of the policy
   */
  abort(rest?: "Removed"): Promise<void>;
}
