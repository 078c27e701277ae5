/**
 * The file system calls that the storage makes, each at once or on a thread as its pace says. What waits for a disk by its nature
 * (syncing, many bytes) is always on a thread. Paths and names are text in the form of `decodeBytes`, so a name may contain any
 * bytes.
 */
import * as fs from "node:fs";
import * as promises from "node:fs/promises";
import { promisify } from "node:util";
import { encodeText, hasEscapedBytes } from "../../../common/escaped-bytes.ts";
import { KERNEL_COPY_BYTES, kernelCopy, type Received } from "./kernel-copy.ts";
import { IoScheduler } from "./io-scheduler.ts";

/** Bytes up to which reading and writing is copying, and more would hold up others for too long. */
const SMALL = 64 * 1024;
const KERNEL_COPY_CALLS = KERNEL_COPY_BYTES / SMALL;

const closeOnThread = promisify(fs.close);
const openOnThread = promisify(fs.open);
const fstatOnThread = promisify<number, fs.Stats>(fs.fstat);
const fchmodOnThread = promisify(fs.fchmod);
const ftruncateOnThread = promisify(fs.ftruncate);
const fdatasyncOnThread = promisify(fs.fdatasync);
const fsyncOnThread = promisify(fs.fsync);

export const pace = new IoScheduler();

/** Types of file systems (statfs(2)) whose calls always return: ext2 to ext4, XFS, Btrfs, F2FS, ZFS, overlayfs and tmpfs. */
const LOCAL = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1, 0x794c7630, 0x01021994]);

/** Looks what kind of volume the files are on. All homes are on one. */
export async function lookAtVolume(path: string): Promise<void> {
  const { type } = await promises.statfs(path);
  pace.isLocal = LOCAL.has(type);
  // Here, so that what it opens is open before anything is served.
  kernelCopy();
}

/** A file or directory that is open. Whoever opened it closes it. */
export class OpenFile {
  readonly #fd: number;
  #closed = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** @throws Error once it is closed: the number may be another file's by then, or a connection's */
  get fd(): number {
    if (this.#closed) throw new Error(`The file that was descriptor ${this.#fd} is closed`);
    return this.#fd;
  }

  stat(): Promise<fs.Stats> {
    return pace.call(
      () => fs.fstatSync(this.fd),
      () => fstatOnThread(this.fd),
    );
  }

  /** @returns bytes read; 0 at the end of the file */
  read(buffer: Uint8Array, position: number): Promise<number> {
    if (buffer.length > SMALL) return this.#readOnThread(buffer, position);
    return pace.call(
      () => fs.readSync(this.fd, buffer, 0, buffer.length, position),
      () => this.#readOnThread(buffer, position),
    );
  }

  /** Writes at a position or, without one, where the system wants it. @returns bytes written, perhaps not all */
  write(chunks: readonly Uint8Array[], position?: number): Promise<number> {
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const at = position ?? null;
    if (bytes > SMALL) return this.#writeOnThread(chunks, at);
    return pace.call(
      () => fs.writevSync(this.fd, [...chunks], at ?? undefined),
      () => this.#writeOnThread(chunks, at),
    );
  }

  /**
   * Sends from a position to a socket, by its descriptor, within the kernel.
   * @returns bytes sent; 0 when the socket takes none now, or at the end of the file; undefined where it cannot be done
   */
  sendTo(socket: number, position: number, bytes: number): number | undefined {
    const kernel = kernelCopy();
    return kernel && pace.ifFast(KERNEL_COPY_CALLS, () => kernel.send(this.fd, position, socket, bytes));
  }

  /** Writes at a position what a socket has, within the kernel. @returns undefined where it cannot be done */
  receiveFrom(socket: number, position: number): Received | undefined {
    const kernel = kernelCopy();
    return kernel && pace.ifFast(KERNEL_COPY_CALLS, () => kernel.receive(socket, this.fd, position));
  }

  chmod(mode: number): Promise<void> {
    return pace.call(
      () => fs.fchmodSync(this.fd, mode),
      () => fchmodOnThread(this.fd, mode),
    );
  }

  async truncate(bytes: number): Promise<void> {
    await ftruncateOnThread(this.fd, bytes);
  }

  async datasync(): Promise<void> {
    await fdatasyncOnThread(this.fd);
  }

  async sync(): Promise<void> {
    await fsyncOnThread(this.fd);
  }

  /** Closes it; once is enough, and more does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await pace.call(
      () => fs.closeSync(this.#fd),
      () => closeOnThread(this.#fd),
    );
  }

  #readOnThread(buffer: Uint8Array, position: number): Promise<number> {
    return new Promise((resolve, reject) =>
      fs.read(this.fd, buffer, 0, buffer.length, position, (error, count) =>
        error === null ? resolve(count) : reject(error),
      ),
    );
  }

  #writeOnThread(chunks: readonly Uint8Array[], position: number | null): Promise<number> {
    return new Promise((resolve, reject) =>
      fs.writev(this.fd, chunks, position, (error, count) =>
        error === null ? resolve(count) : reject(error),
      ),
    );
  }
}

/** A path in the form for Node: bytes only when text cannot represent it, because text is faster. */
function native(path: string): string | Buffer {
  return hasEscapedBytes(path) ? encodeText(path) : path;
}

export async function open(path: string, flags: number, mode?: number): Promise<OpenFile> {
  const fd = await pace.call(
    () => fs.openSync(native(path), flags, mode),
    () => openOnThread(native(path), flags, mode),
  );
  return new OpenFile(fd);
}

export function lstat(path: string): Promise<fs.Stats> {
  return pace.call(
    () => fs.lstatSync(native(path)),
    () => promises.lstat(native(path)),
  );
}

/** Undefined when nothing is there, which costs far less than an error. */
export function lstatIfThere(path: string): Promise<fs.Stats | undefined> {
  return pace.call(
    () => fs.lstatSync(native(path), { throwIfNoEntry: false }),
    () => promises.lstat(native(path)).catch(undefinedIfNotThere),
  );
}

function undefinedIfNotThere(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

export function mkdir(path: string, mode: number): Promise<void> {
  return pace.call(
    () => fs.mkdirSync(native(path), mode),
    () => promises.mkdir(native(path), mode),
  );
}

export function rename(from: string, to: string): Promise<void> {
  return pace.call(
    () => fs.renameSync(native(from), native(to)),
    () => promises.rename(native(from), native(to)),
  );
}

export function link(existing: string, name: string): Promise<void> {
  return pace.call(
    () => fs.linkSync(native(existing), native(name)),
    () => promises.link(native(existing), native(name)),
  );
}

export function rmdir(path: string): Promise<void> {
  return pace.call(
    () => fs.rmdirSync(native(path)),
    () => promises.rmdir(native(path)),
  );
}

export function unlink(path: string): Promise<void> {
  return pace.call(
    () => fs.unlinkSync(native(path)),
    () => promises.unlink(native(path)),
  );
}

/** Sets the times of an entry itself, also of a symbolic link. */
export function lutimes(path: string, accessed: Date, modified: Date): Promise<void> {
  return promises.lutimes(native(path), accessed, modified);
}

/** For paths of open files, which are ASCII. */
export { chmod, statfs, utimes } from "node:fs/promises";

const START = process.cwd();

/**
 * What is in a directory under these names; undefined for what is not there, or not to be looked at. Names looked up from within the
 * directory cost the kernel half of what paths through /proc do. Nothing else runs meanwhile, as the calls are made at once.
 */
export function lstatAll(directory: string, names: readonly string[]): Promise<(fs.Stats | undefined)[]> {
  let isInside = false;
  const atOnce = (name: string): fs.Stats | undefined => {
    isInside ||= enter(directory);
    return lstatOrNothing(isInside ? name : `${directory}/${name}`);
  };
  const onThread = (name: string): Promise<fs.Stats | undefined> =>
    promises.lstat(native(`${directory}/${name}`)).catch(() => undefined);
  const found = pace.forEach(names, atOnce, onThread);
  if (isInside) process.chdir(START);
  return found;
}

function enter(directory: string): boolean {
  try {
    process.chdir(directory);
    return true;
  } catch {
    return false;
  }
}

function lstatOrNothing(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(native(path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
