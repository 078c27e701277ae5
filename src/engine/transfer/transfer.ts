import type { Duplex } from "node:stream";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { nothingToCancel, type Cancel, type Clock } from "../../common/clock.ts";
import type { TransferDirection } from "../observer.ts";
import { EngineError, toEngineError } from "../errors.ts";
import type { KernelCopy } from "../storage/local/system/kernel-copy.ts";
import { unsentBytes } from "./descriptor.ts";
import type { Progress } from "./send.ts";
import type { DataSource } from "./data-source.ts";

/** How long a client may take to close a data connection on which everything was sent. Milliseconds. */
const LINGER = 10_000;

/** The longest wait for the end of the control connection behind an upload, in milliseconds. Those of a killed client lie about 1 apart. */
const MAX_CUT_WAIT = 50;
/** How long an upload took for each millisecond of that wait, so that it costs a hundredth and small files next to nothing. */
const CUT_WAIT_SHARE = 100;

/** What a transfer does, apart from where its bytes come from or go to. */
export interface Job {
  readonly direction: TransferDirection;
  /** The virtual path it is about. */
  readonly path: string;
  /**
   * Moves all bytes; resolves when both ends have ended.
   * @param isAborted whether the transfer was aborted, also when the data connection had ended before
   */
  move(data: Duplex, progress: Progress, isAborted: () => boolean): Promise<void>;
  /** Makes it count, or leaves nothing open or behind when it rejects; only called when `move` resolved. */
  commit(): Promise<void>;
  /** Leaves things as they were before; called in any other case, so never after `commit`. */
  rollback(): Promise<void>;
}

/** How a transfer ended. The data side reports it; the control side makes the reply. */
export type Outcome = { type: "Complete" } | { type: "Failed"; error: EngineError };

export interface TransferOptions {
  source: DataSource;
  job: Job;
  clock: Clock;
  connectTimeout: number;
  stallTimeout: number;
  /** Undefined: the kernel cannot be asked for the bytes that the client has not received. */
  kernelCopy: KernelCopy | undefined;
}

/** One listing or file on its way over one data connection. */
export class Transfer {
  readonly job: Job;
  readonly startedAt: number;
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
  #bytes = 0;
  /** Signs of life so far: bytes, or a wait that is ours. */
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

  /** Bytes moved over the data connection so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Ends it as soon as possible; too late once the commit began. */
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
      // A client whose transfer failed need not wait for the disk.
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
    // Every break is reported by the job's own listeners; this one only keeps a late error from being thrown.
    data.on("error", () => {});
    const cancelWatch = this.#watchForStalls(data);
    try {
      const progress = (bytes: number): void => {
        this.#bytes += bytes;
        this.#moves += 1;
      };
      await this.job.move(data, progress, () => this.#abortion !== undefined);
      if (this.job.direction === "Upload") await this.#waitForCut();
      if (this.#abortion !== undefined) throw this.#abortion;
    } finally {
      cancelWatch();
    }
  }

  /** The end of a client that was killed looks like the end of its file, but the end of its control connection comes along. */
  #waitForCut(): Promise<void> {
    const wait = Math.min(MAX_CUT_WAIT, (this.#options.clock.now() - this.startedAt) / CUT_WAIT_SHARE);
    // What came together is heard in one turn; a timer takes no less than a millisecond.
    return wait < 1 ? nextTurn() : sleep(wait);
  }

  /** Aborts once no byte has moved for the stall timeout. Looks at counters, so that bytes cost no timer. */
  #watchForStalls(data: Duplex): Cancel {
    const { clock, stallTimeout, kernelCopy } = this.#options;
    let seen: { moves: number; unsent: number | undefined } = { moves: -1, unsent: undefined };
    let cancel = nothingToCancel;
    const look = (): void => {
      const now = { moves: this.#moves, unsent: unsentBytes(data, kernelCopy) };
      if (now.moves === seen.moves && now.unsent === seen.unsent) {
        this.abort(new EngineError("TimedOut", `No data moved for ${stallTimeout / 1000} s`));
        return;
      }
      seen = now;
      cancel = clock.schedule(stallTimeout, look);
    };
    look();
    return () => cancel();
  }

  /** Ends our side and gives the client time to end its own; a reset could overtake the last bytes. */
  #linger(): void {
    const data = this.#data;
    if (data === undefined || data.destroyed) return;
    if (!data.writableEnded) data.end();
    data.resume();
    const cancel = this.#options.clock.schedule(LINGER, () => data.destroy());
    data.once("close", cancel);
  }
}
