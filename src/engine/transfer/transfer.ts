import type { Duplex } from "node:stream";
import { setImmediate as nextTick, setTimeout as sleep } from "node:timers/promises";
import { nothingToCancel, type Cancel, type Clock } from "../../common/clock.ts";
import type { TransferDirection } from "../observer.ts";
import { EngineError, toEngineError } from "../errors.ts";
import type { KernelCopy } from "../storage/local/system/kernel-copy.ts";
import { unsentBytes } from "./descriptor.ts";
import type { Progress } from "./send.ts";
import type { DataSource } from "./data-source.ts";

/** How long the client has to close a data connection after a transfer. Milliseconds. */
const LINGER = 10_000;

/**
 * Maximum wait for the end of the control connection after an upload, in milliseconds. When a client is killed, both connections end
 * about 1 ms apart.
 */
const MAX_DISCONNECT_WAIT = 50;
/** Duration of an upload for each millisecond of that wait. The wait adds at most a hundredth, and almost nothing to small files. */
const UPLOAD_PER_WAIT = 100;

/** The work of a transfer: a file or a listing, without the data connection. */
export interface Job {
  readonly direction: TransferDirection;
  /** Virtual path of the file or directory. */
  readonly path: string;
  /**
   * Transfers all bytes. Resolves when the file and the data connection have ended.
   * @param isAborted returns whether the transfer was aborted, even if the data connection ended before that
   */
  move(data: Duplex, progress: Progress, isAborted: () => boolean): Promise<void>;
  /** Makes the result permanent, or rejects and discards it. Called only after `move` has resolved. */
  commit(): Promise<void>;
  /** Discards the result. Called when `move` has rejected or was not called, and never after `commit`. */
  rollback(): Promise<void>;
}

/** Result of a transfer. The session derives the reply from it. */
export type Outcome = { type: "Complete" } | { type: "Failed"; error: EngineError };

export interface TransferOptions {
  source: DataSource;
  job: Job;
  clock: Clock;
  connectTimeout: number;
  stallTimeout: number;
  /** Reports the bytes that the client has not received; undefined when the kernel cannot report them. */
  kernelCopy: KernelCopy | undefined;
}

/** The transfer of one file or listing over one data connection. */
export class Transfer {
  readonly job: Job;
  readonly startedAt: number;
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
  #bytes = 0;
  /** Number of progress reports: transferred bytes, or a wait for the bandwidth limit. */
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

  /** Aborts the transfer. Has no effect after the commit has started. */
  abort(reason: EngineError): void {
    this.#abortion ??= reason;
    this.#options.source.dispose();
    this.#data?.destroy();
  }

  async #run(): Promise<Outcome> {
    try {
      await this.#moveOrRollBack();
      await this.job.commit();
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
      // The client gets the end of a failed transfer before the rollback.
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
    // Listeners of the job report errors. Without this listener, Node throws later ones.
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
   * Waits for the control connection of a killed client to end, because the end of its data connection looks like the end of the
   * file.
   */
  #waitForDisconnect(): Promise<void> {
    const wait = Math.min(
      MAX_DISCONNECT_WAIT,
      (this.#options.clock.now() - this.startedAt) / UPLOAD_PER_WAIT,
    );
    // Events that arrived together are processed in one event-loop tick. A timer would take at least a millisecond.
    return wait < 1 ? nextTick() : sleep(wait);
  }

  /** Aborts when no byte was transferred during the stall timeout. Compares counters, so that bytes need no timer. */
  #watchForStalls(data: Duplex): Cancel {
    const { clock, stallTimeout, kernelCopy } = this.#options;
    let seen: { moves: number; unsent: number | undefined } = { moves: -1, unsent: undefined };
    let cancel = nothingToCancel;
    const check = (): void => {
      const now = { moves: this.#moves, unsent: unsentBytes(data, kernelCopy) };
      if (now.moves === seen.moves && now.unsent === seen.unsent) {
        this.abort(new EngineError("TimedOut", `No data transferred for ${stallTimeout / 1000} s`));
        return;
      }
      seen = now;
      cancel = clock.schedule(stallTimeout, check);
    };
    check();
    return () => cancel();
  }

  /** Ends the connection, and gives the client time to end it too. A reset could overtake the last bytes. */
  #linger(): void {
    const data = this.#data;
    if (data === undefined || data.destroyed) return;
    if (!data.writableEnded) data.end();
    data.resume();
    const cancel = this.#options.clock.schedule(LINGER, () => data.destroy());
    data.once("close", cancel);
  }
}
