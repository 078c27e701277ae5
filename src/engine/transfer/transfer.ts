import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { setImmediate as nextTick, setTimeout as sleep } from "node:timers/promises";
import { nothingToCancel, type Cancel, type Clock } from "../../common/clock.ts";
import type { TransferDirection } from "../observer.ts";
import { EngineError, toEngineError } from "../errors.ts";
import type { KernelCopy } from "../storage/local/system/kernel-copy.ts";
import type { FileChecksum } from "../storage/storage.ts";
import { unsentBytes } from "./descriptor.ts";
import type { Progress } from "./send.ts";
import type { DataSource } from "./data-source.ts";

/** Maximum time in milliseconds to wait for the client to close the data connection after a transfer. */
const LINGER = 10_000;

/**
 * Maximum time in milliseconds to wait for the end of the control connection after an upload. If a client process is
 * killed, its two connections end about 1 ms apart.
 */
const MAX_DISCONNECT_WAIT = 50;
/**
 * Minimum ratio of the duration of an upload to the wait after the upload. The wait extends an upload by at most 1 %,
 * and is negligible for small files.
 */
const UPLOAD_PER_WAIT = 100;

/**
 * The work of a transfer: to receive a file, or to send a file or a listing. A job does not manage the data connection.
 */
export interface Job {
  readonly direction: TransferDirection;
  /** Virtual path of the file or directory. */
  readonly path: string;
  /**
   * Transfers all bytes. Resolves after both the file and the data connection have ended.
   * @param isAborted returns whether the transfer was aborted, even after the data connection has ended
   */
  move(data: Duplex, progress: Progress, isAborted: () => boolean): Promise<void>;
  /**
   * Makes the result permanent. Discards the result if the commit fails. The transfer calls this method only after
   * `move` has resolved.
   */
  commit(): Promise<void>;
  /** Stops `move` and `commit` from waiting for other transfers. Called when the transfer is aborted. */
  interrupt?(reason: EngineError): void;
  /** Discards the result. Called if `move` has rejected or was never called. Never called after `commit`. */
  rollback(): Promise<void>;
  /**
   * Returns the size of the complete file in bytes. The result is a promise only if the size is not known yet. The
   * method is absent for listings.
   * @param transferred number of bytes transferred over the data connection
   */
  fileSize?(transferred: number): number | Promise<number>;
  /**
   * Returns the checksum of the complete file. Returns undefined if the storage provides no checksum. Called after
   * `commit`.
   */
  checksum?(): FileChecksum | undefined;
}

/** Result of a transfer. The session sends a reply that corresponds to the result. */
export type Outcome = { type: "Complete" } | { type: "Failed"; error: EngineError };

export interface TransferOptions {
  source: DataSource;
  job: Job;
  clock: Clock;
  connectTimeout: number;
  stallTimeout: number;
  /**
   * Kernel functions that report the number of unacknowledged bytes. The value is undefined if Node.js cannot call
   * these functions.
   */
  kernelCopy: KernelCopy | undefined;
  /** Called after the commit. The transfer is complete when the result resolves. Never rejects. */
  onCommit?: (transfer: Transfer) => Promise<void> | undefined;
}

/** Transfer of one file or listing over one data connection. */
export class Transfer {
  readonly job: Job;
  readonly startedAt: number;
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
  #bytes = 0;
  /** Number of progress reports. Each report indicates transferred bytes or a wait for the bandwidth limit. */
  #moves = 0;
  #abortion: EngineError | undefined;
  #data: Duplex | undefined;
  readonly #options: TransferOptions;

  constructor(options: TransferOptions) {
    this.#options = options;
    this.job = options.job;
    this.startedAt = options.clock.now();
    this.outcome = this.#run();
  }

  /** Number of bytes transferred over the data connection. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Aborts the transfer. If the commit has already started, this method only stops the commit from waiting for other
   * transfers.
   */
  abort(reason: EngineError): void {
    this.#abortion ??= reason;
    this.job.interrupt?.(this.#abortion);
    this.#options.source.dispose();
    this.#data?.destroy();
  }

  async #run(): Promise<Outcome> {
    try {
      await this.#moveOrRollBack();
      await this.job.commit();
      const recorded = this.#options.onCommit?.(this);
      if (recorded !== undefined) await recorded;
      this.#linger();
      return { type: "Complete" };
    } catch (thrown) {
      this.#data?.destroy();
      return { type: "Failed", error: this.#abortion ?? toEngineError(thrown) };
    }
  }

  async #moveOrRollBack(): Promise<void> {
    try {
      await this.#move();
    } catch (error) {
      // If a transfer fails, its data connection ends before the rollback.
      this.#data?.destroy();
      await this.job.rollback().catch(() => {});
      throw error;
    }
  }

  async #move(): Promise<void> {
    const { source, connectTimeout } = this.#options;
    const data = await source.open(connectTimeout, this.job.direction === "Upload" ? "Upload" : "Download");
    this.#data = data;
    if (this.#abortion !== undefined) throw this.#abortion;
    // The job has listeners that report errors. Without this additional listener, Node.js would throw later errors.
    data.on("error", () => {});
    const cancelWatch = this.#watchForStalls(data);
    try {
      const progress = (bytes: number): void => {
        this.#bytes += bytes;
        this.#moves += 1;
      };
      await this.job.move(data, progress, () => this.#abortion !== undefined);
      if (this.job.direction === "Upload") await this.#waitForDisconnect();
      if (this.#abortion !== undefined) throw this.#abortion;
    } finally {
      cancelWatch();
    }
  }

  /**
   * Waits for the control connection of a killed client to end. Without the wait, the engine would treat the end of the
   * data connection as the end of the file.
   */
  #waitForDisconnect(): Promise<void> {
    const wait = Math.min(
      MAX_DISCONNECT_WAIT,
      (this.#options.clock.now() - this.startedAt) / UPLOAD_PER_WAIT,
    );
    // Node.js processes events that arrive together in one event-loop tick. A timer would take at least 1 ms.
    return wait < 1 ? nextTick() : sleep(wait);
  }

  /**
   * Aborts the transfer if it transfers no bytes during the stall timeout. The watch compares counters at intervals, so
   * that transferred bytes do not have to reset a timer.
   */
  #watchForStalls(data: Duplex): Cancel {
    const { clock, stallTimeout, kernelCopy } = this.#options;
    // A new connection has no unsent bytes.
    let seen = { moves: 0, unsent: 0 };
    let cancel = nothingToCancel;
    const check = (): void => {
      const now = { moves: this.#moves, unsent: unsentBytes(data, kernelCopy) ?? 0 };
      if (now.moves === seen.moves && now.unsent === seen.unsent) {
        this.abort(new EngineError("TimedOut", `No data transferred for ${stallTimeout / 1000} s`));
        return;
      }
      seen = now;
      cancel = clock.schedule(stallTimeout, check);
    };
    cancel = clock.schedule(stallTimeout, check);
    return () => cancel();
  }

  /**
   * Ends the data connection, and waits for the client to close its side. An immediate reset could reach the client
   * before the last bytes.
   */
  #linger(): void {
    const data = this.#data;
    if (data === undefined || data.destroyed) return;
    // After an upload without TLS, neither side has bytes left to send. With TLS, the engine must still send
    // close_notify. The connection is closed after the session has sent its reply, so that closing does not delay the
    // reply.
    if (data.readableEnded && this.job.direction === "Upload" && !(data instanceof TLSSocket)) {
      process.nextTick(() => data.destroy());
      return;
    }
    if (!data.writableEnded) data.end();
    data.resume();
    const cancel = this.#options.clock.schedule(LINGER, () => data.destroy());
    data.once("close", cancel);
  }
}
