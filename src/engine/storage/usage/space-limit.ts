import { Semaphore } from "../../../common/semaphore.ts";
import type { Clock } from "../../../common/clock.ts";
import { EngineError } from "../../errors.ts";
import { HomeUsage } from "./home-usage.ts";
import type { EndMove, Growth, Measurable, Reservation, UsageLedger } from "./usage-ledger.ts";

const MIB = 1024 * 1024;
/** Part of the limit that stays free: for the metadata of large files, and for what was counted too low. */
const MARGIN = 0.02;
/** Most that a file or directory occupies beside its bytes: the rest of its last block, and its entry in the directory. */
const ENTRY_BYTES = 4096 + 512;

/** How a volume allocates space. */
export interface Volume extends Measurable {
  /** Whether a file that is being written may occupy twice its size, as on XFS. */
  preallocates: boolean;
}

/**
 * Keeps all files of a volume below a limit. kubelet evicts a pod whose emptyDir exceeds its `sizeLimit`, and all files are lost; so
 * uploads must fail before. Only for a volume that this engine alone writes to. What is known errs upwards: when it leaves no space,
 * the volume is counted.
 */
export class SpaceLimit implements UsageLedger {
  readonly isExact = false;
  readonly usage: HomeUsage;
  /** Bytes that a file occupies while it is written, for each of its bytes. */
  readonly spaceFactor: number;
  readonly #limit: number;
  readonly #volume: Volume;
  readonly #closing = new AbortController();

  /** @param bytes the limit that must not be exceeded */
  constructor(bytes: number, volume: Volume, clock: Clock) {
    this.#limit = bytes;
    this.#volume = volume;
    this.spaceFactor = volume.preallocates ? 2 : 1;
    this.usage = new HomeUsage(clock, { semaphore: new Semaphore(1), signal: this.#closing.signal });
  }

  /** Counts the volume for the first time. Returns when that is done, or has taken too long. */
  async start(): Promise<void> {
    await this.usage.ready(this.#volume);
  }

  /** Bytes that may still be occupied. */
  get availableBytes(): number {
    const margin = Math.min(Math.max(this.#limit * MARGIN, MIB), this.#limit / 2);
    return Math.max(0, Math.floor(this.#limit - margin) - this.usage.now.bytes);
  }

  async available(): Promise<number> {
    return this.availableBytes;
  }

  ready(): undefined {}

  /** Changes need no order, because usage has only an upper bound. */
  exclusively<T>(change: () => Promise<T>): Promise<T> {
    return change();
  }

  async reserve({ file, start }: Growth): Promise<Reservation> {
    await this.ensure(() => {
      const fits = ENTRY_BYTES <= this.availableBytes;
      if (fits) this.usage.change({ bytes: ENTRY_BYTES, files: 0 });
      return fits;
    });
    return new SpaceReservation(this, file, start);
  }

  /** The next count finds what was removed. A file can occupy less than its size, so its size cannot be subtracted. */
  removed(): void {}

  startMove(): EndMove {
    return this.usage.startMove();
  }

  /**
   * Books growth, after counting the volume when it seems to be full.
   * @param book checks and books in one step, so that uploads that run at once do not exceed the limit together
   * @throws EngineError NoSpace when there is no space
   */
  async ensure(book: () => boolean): Promise<void> {
    if (book()) return;
    await this.usage.recount(this.#volume);
    if (!book())
      throw new EngineError(
        "NoSpace",
        `No space left: the files of this server are limited to ${this.#limit} bytes`,
      );
  }

  /** Ends a count that runs. */
  close(): void {
    this.#closing.abort();
  }
}

class SpaceReservation implements Reservation {
  readonly isExact = false;
  isExceeded = false;
  readonly #limit: SpaceLimit;
  readonly #file: Growth["file"];
  /** Space that a count of the volume does not include: all of a temporary file, and preallocated blocks. */
  readonly #held: { bytes: number };
  readonly #forget: () => void;
  #hasEnded = false;

  constructor(limit: SpaceLimit, file: Growth["file"], start: number) {
    this.#limit = limit;
    this.#file = file;
    this.#held = { bytes: file === "Temporary" ? start * limit.spaceFactor : 0 };
    this.#forget = limit.usage.hold(this.#held);
  }

  fits(bytes: number): boolean {
    return bytes * this.#limit.spaceFactor <= this.#limit.availableBytes;
  }

  grow(bytes: number): Promise<void> | undefined {
    return this.#book(bytes) ? undefined : this.#growAfterCount(bytes);
  }

  /** Only an exact ledger rejects an upload when it ends. */
  rejection(): undefined {}

  settle(): void {
    const { spaceFactor } = this.#limit;
    this.#end(this.#file === "Temporary" ? this.#held.bytes / spaceFactor : 0);
  }

  release(): void {
    this.#end(0);
  }

  async #growAfterCount(bytes: number): Promise<void> {
    try {
      await this.#limit.ensure(() => this.#book(bytes));
    } catch (error) {
      this.isExceeded = true;
      throw error;
    }
  }

  #book(bytes: number): boolean {
    if (!this.fits(bytes)) return false;
    const { spaceFactor, usage } = this.#limit;
    if (this.#file === "Temporary") this.#held.bytes += bytes * spaceFactor;
    else {
      this.#held.bytes += bytes * (spaceFactor - 1);
      usage.change({ bytes, files: 0 });
    }
    return true;
  }

  #end(bytes: number): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#forget();
    this.#limit.usage.change({ bytes, files: 0 });
  }
}
