import * as fs from "node:fs";
import * as promises from "node:fs/promises";
import { promisify } from "node:util";
import type { Received } from "../../storage.ts";
import type { IoScheduler } from "./io-scheduler.ts";
import { KERNEL_COPY_BYTES, type KernelCopy } from "./kernel-copy.ts";

/**
 * Maximum size in bytes of a synchronous read or write. A call with more bytes would block other sessions for too long.
 */
const SMALL = 64 * 1024;
const KERNEL_COPY_CALLS = KERNEL_COPY_BYTES / SMALL;

const closeOnThread = promisify(fs.close);
const fstatOnThread = promisify<number, fs.Stats>(fs.fstat);
const fchmodOnThread = promisify(fs.fchmod);
const ftruncateOnThread = promisify(fs.ftruncate);
const fdatasyncOnThread = promisify(fs.fdatasync);
const fsyncOnThread = promisify(fs.fsync);

/** Settings for system calls on files on one volume. */
export interface VolumeIo {
  readonly scheduler: IoScheduler;
  /** Kernel copy functions. The value is undefined when this process copies the bytes itself. */
  readonly kernelCopy: KernelCopy | undefined;
}

/**
 * Open file or directory. The code that opens a file must also close it. Calls run synchronously or on a thread (see
 * IoScheduler). Synchronization and large transfers always run on a thread, because these calls wait for the disk.
 */
export class OpenFile {
  protected readonly io: VolumeIo;
  readonly #fd: number;
  #isClosed = false;

  constructor(fd: number, io: VolumeIo) {
    this.#fd = fd;
    this.io = io;
  }

  /** @throws Error after `close`, because the descriptor can then belong to another file or connection */
  get fd(): number {
    if (this.#isClosed) throw new Error(`The file that was descriptor ${this.#fd} is closed`);
    return this.#fd;
  }

  stat(): Promise<fs.Stats> {
    return this.io.scheduler.call(
      () => fs.fstatSync(this.fd),
      () => fstatOnThread(this.fd),
    );
  }

  /** @returns number of bytes read; 0 at the end of the file */
  read(buffer: Uint8Array, position: number): Promise<number> {
    if (buffer.length > SMALL) return this.#readOnThread(buffer, position);
    return this.io.scheduler.call(
      () => fs.readSync(this.fd, buffer, 0, buffer.length, position),
      () => this.#readOnThread(buffer, position),
    );
  }

  /**
   * Writes at a position. Without a position, the kernel writes at the file offset, or at the end of a file opened with
   * O_APPEND.
   * @returns number of bytes written, which can be less than the size of the chunks
   */
  write(chunks: readonly Uint8Array[], position?: number): Promise<number> {
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const at = position ?? null;
    if (bytes > SMALL) return this.#writeOnThread(chunks, at);
    return this.io.scheduler.call(
      () => fs.writevSync(this.fd, [...chunks], at ?? undefined),
      () => this.#writeOnThread(chunks, at),
    );
  }

  /**
   * Sends bytes from a position in the file to a socket, within the kernel.
   * @param socket descriptor of the socket
   * @returns number of bytes sent. The number is 0 at the end of the file, when the send buffer of the socket is full,
   *   or when sendfile(2) fails. Returns undefined when only `read` is possible.
   */
  sendTo(socket: number, position: number, bytes: number): number | undefined {
    const { kernelCopy, scheduler } = this.io;
    return (
      kernelCopy &&
      scheduler.ifFast(KERNEL_COPY_CALLS, () => kernelCopy.send(this.fd, position, socket, bytes))
    );
  }

  /**
   * Writes the available bytes from a socket at a position within the kernel. Returns undefined when only `write` is
   * possible.
   */
  receiveFrom(socket: number, position: number): Received | undefined {
    const { kernelCopy, scheduler } = this.io;
    return (
      kernelCopy && scheduler.ifFast(KERNEL_COPY_CALLS, () => kernelCopy.receive(socket, this.fd, position))
    );
  }

  chmod(mode: number): Promise<void> {
    return this.io.scheduler.call(
      () => fs.fchmodSync(this.fd, mode),
      () => fchmodOnThread(this.fd, mode),
    );
  }

  /** Like `chmod`, but also accepts an entry that `Directory.openEntry` opened. */
  chmodEntry(mode: number): Promise<void> {
    return promises.chmod(`/proc/self/fd/${this.fd}`, mode);
  }

  /** Sets the access and modification times, including those of an entry that `Directory.openEntry` opened. */
  setTime(time: Date): Promise<void> {
    return promises.utimes(`/proc/self/fd/${this.fd}`, time, time);
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

  /** Closes the file. Further calls have no effect. */
  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    return this.io.scheduler.call(
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
