import * as fs from "node:fs";
import * as promises from "node:fs/promises";
import { promisify } from "node:util";
import { encodeText, hasEscapedBytes } from "../../../../common/escaped-bytes.ts";
import { IoScheduler } from "./io-scheduler.ts";
import type { KernelCopy } from "./kernel-copy.ts";
import { openNames, readNames } from "./names.ts";
import { OpenFile } from "./open-file.ts";

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;
const DIRECTORY = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
/**
 * O_PATH in open(2): opens an entry without access to its content, which requires no permission on the entry. Node.js
 * has no constant for O_PATH.
 */
const O_PATH = 0o10000000;

const WORKING_DIRECTORY = process.cwd();
const openOnThread = promisify(fs.open);

/**
 * An open directory, with the system calls for its entries. Names can contain any bytes, which are encoded as in
 * `decodeBytes`. Node.js has no openat(2). A path through `/proc/self/fd` always leads to the open directory, even
 * after a program moves the directory or gives its name to another entry. System calls never follow symbolic links, so
 * a client that replaces a name between two calls cannot redirect an operation.
 */
export class Directory extends OpenFile {
  /** Opens the root of a volume. */
  static async openRoot(path: string, kernelCopy?: KernelCopy): Promise<Directory> {
    const fd = await openOnThread(path, DIRECTORY);
    try {
      const scheduler = await IoScheduler.forVolume(path, kernelCopy && (() => kernelCopy.threadUsage()));
      return new Directory(fd, { scheduler, kernelCopy });
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
  }

  async open(name: string, flags: number, mode?: number): Promise<OpenFile> {
    return new OpenFile(await this.#open(name, flags, mode), this.io);
  }

  /** Opens a subdirectory, this directory (`.`), or its parent (`..`). */
  async openDirectory(name: string): Promise<Directory> {
    return new Directory(await this.#open(name, DIRECTORY), this.io);
  }

  /** Opens an entry of any type and mode. The opened entry supports only `stat`, `chmodEntry` and `setTime`. */
  async openEntry(name: string): Promise<OpenFile> {
    return new OpenFile(await this.#open(name, O_PATH | O_NOFOLLOW), this.io);
  }

  lstat(name: string): Promise<fs.Stats> {
    const path = this.#pathOf(name);
    return this.io.scheduler.call(
      () => fs.lstatSync(path),
      () => promises.lstat(path),
    );
  }

  /**
   * Like `lstat`, but returns undefined for a missing entry. Returning undefined is much faster than throwing an error.
   */
  lstatIfThere(name: string): Promise<fs.Stats | undefined> {
    const path = this.#pathOf(name);
    return this.io.scheduler.call(
      () => fs.lstatSync(path, { throwIfNoEntry: false }),
      () => promises.lstat(path).catch(undefinedIfNotThere),
    );
  }

  /**
   * Returns the entries with the given names. The result contains undefined for a name that does not exist or cannot be
   * read. Lookups relative to the working directory take half as long in the kernel as paths through `/proc`. The calls
   * are synchronous, so no other code runs before the previous working directory is restored.
   */
  lstatAll(names: readonly string[]): Promise<(fs.Stats | undefined)[]> {
    let isInside = false;
    const atOnce = (name: string): fs.Stats | undefined => {
      isInside ||= enter(this.#path);
      return lstatOrNothing(isInside ? native(name) : this.#pathOf(name));
    };
    const onThread = (name: string): Promise<fs.Stats | undefined> =>
      promises.lstat(this.#pathOf(name)).catch(() => undefined);
    const found = this.io.scheduler.forEach(names, atOnce, onThread);
    if (isInside) process.chdir(WORKING_DIRECTORY);
    return found;
  }

  /** Yields the names in the directory in batches of at most `count`. */
  names(count: number): AsyncGenerator<string[]> {
    return readNames(this.#path, count, this.io.scheduler);
  }

  /** Opens the directory for reading names and types. `nameOf` returns the name of an entry. */
  openNames(): Promise<fs.Dir> {
    return openNames(this.#path);
  }

  mkdir(name: string, mode: number): Promise<void> {
    const path = this.#pathOf(name);
    return this.io.scheduler.call(
      () => fs.mkdirSync(path, mode),
      () => promises.mkdir(path, mode),
    );
  }

  rmdir(name: string): Promise<void> {
    const path = this.#pathOf(name);
    return this.io.scheduler.call(
      () => fs.rmdirSync(path),
      () => promises.rmdir(path),
    );
  }

  unlink(name: string): Promise<void> {
    const path = this.#pathOf(name);
    return this.io.scheduler.call(
      () => fs.unlinkSync(path),
      () => promises.unlink(path),
    );
  }

  rename(name: string, target: Directory, targetName: string): Promise<void> {
    const [from, to] = [this.#pathOf(name), target.#pathOf(targetName)];
    return this.io.scheduler.call(
      () => fs.renameSync(from, to),
      () => promises.rename(from, to),
    );
  }

  /** Creates a hard link to a file. */
  link(name: string, target: Directory, targetName: string): Promise<void> {
    const [from, to] = [this.#pathOf(name), target.#pathOf(targetName)];
    return this.io.scheduler.call(
      () => fs.linkSync(from, to),
      () => promises.link(from, to),
    );
  }

  setTimes(name: string, time: Date): Promise<void> {
    return promises.lutimes(this.#pathOf(name), time, time);
  }

  /** Returns the available space in the file system in bytes. */
  async availableBytes(): Promise<number> {
    const { bavail, bsize } = await promises.statfs(this.#path);
    return bavail * bsize;
  }

  get #path(): string {
    return `/proc/self/fd/${this.fd}`;
  }

  #pathOf(name: string): string | Buffer {
    return native(`${this.#path}/${name}`);
  }

  #open(name: string, flags: number, mode?: number): Promise<number> {
    const path = this.#pathOf(name);
    return this.io.scheduler.call(
      () => fs.openSync(path, flags, mode),
      () => openOnThread(path, flags, mode),
    );
  }
}

/**
 * Returns a path for Node.js. The path consists of bytes only when a string cannot represent it, because strings are
 * faster.
 */
function native(path: string): string | Buffer {
  return hasEscapedBytes(path) ? encodeText(path) : path;
}

function undefinedIfNotThere(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

function enter(directory: string): boolean {
  try {
    process.chdir(directory);
    return true;
  } catch {
    return false;
  }
}

function lstatOrNothing(path: string | Buffer): fs.Stats | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
