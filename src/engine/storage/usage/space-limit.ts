import { Semaphore } from "../../../common/semaphore.ts";
import type { Clock } from "../../../common/clock.ts";
import { EngineError } from "../../errors.ts";
import { HomeUsage } from "./home-usage.ts";
import type { EndMove, Growth, Measurable, Reservation, UsageLedger } from "./usage-ledger.ts";

const MIB = 1024 * 1024;
/** Share of the limit that uploads cannot use. This space covers the metadata of large files and counting errors. */
const MARGIN = 0.02;
/**
 * Maximum space in bytes that a file or directory occupies in addition to its content: unused space in its last block,
 * and its directory entry.
 */
const ENTRY_BYTES = 4096 + 512;

/** A volume with a space limit. */
export interface LimitedVolume extends Measurable {
  /** Whether a file can occupy up to twice its size during an upload, as on XFS. */
  preallocates: boolean;
}

/**
 * Limits the total space that files occupy on a volume. The kubelet evicts a pod whose emptyDir exceeds its
 * `sizeLimit`. The eviction deletes all files in the volume. Uploads must fail before the files reach this limit. No
 * other program may write to the volume. The known usage can be too high, so the engine counts the usage of the volume
 * again before it rejects an upload.
 */
export class SpaceLimit implements UsageLedger {
  readonly isExact = false;
  readonly usage: HomeUsage;
  /** Maximum number of bytes that a file can occupy for each written byte. */
  readonly spaceFactor: number;
  readonly #limit: number;
  readonly #volume: LimitedVolume;
  readonly #closing = new AbortController();

  /** @param bytes limit on occupied space in bytes */
  constructor(bytes: number, volume: LimitedVolume, clock: Clock) {
    this.#limit = bytes;
    this.#volume = volume;
    this.spaceFactor = volume.preallocates ? 2 : 1;
    this.usage = new HomeUsage(clock, { semaphore: new Semaphore(1), signal: this.#closing.signal });
  }

  /** Starts the first count of the volume, and waits a limited time for its result. */
  async start(): Promise<void> {
    await this.usage.ready(this.#volume);
  }

  /** Number of bytes that files can still occupy. */
  get availableBytes(): number {
    const margin = Math.min(Math.max(this.#limit * MARGIN, MIB), this.#limit / 2);
    return Math.max(0, Math.floor(this.#limit - margin) - this.usage.now.bytes);
  }

  async available(): Promise<number> {
    return this.availableBytes;
  }

  ready(): undefined {}

  /** Changes can run at the same time, because the known usage is only an upper bound. */
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

  /**
   * The ledger does not subtract the size of a removed file, because a file can occupy less space than its size. The
   * next count detects the removal.
   */
  removed(): void {}

  startMove(): EndMove {
    return this.usage.startMove();
  }

  /**
   * Records growth. If the growth does not fit, counts the volume again first.
   * @param book records the growth if it fits, and returns whether it fits
   * @throws EngineError NoSpace if the growth does not fit even after the count
   */
  async ensure(book: () => boolean): Promise<void> {
    if (book()) return;
    await this.usage.recount(this.#volume);
    if (!book())
      throw new EngineError(
        "NoSpace",
        `No space left: all files together are limited to ${this.#limit} bytes`,
      );
  }

  /** Aborts a running count. */
  close(): void {
    this.#closing.abort();
  }
}

class SpaceReservation implements Reservation {
  readonly isExact = false;
  isExceeded = false;
  readonly #limit: SpaceLimit;
  readonly #file: Growth["file"];
  /** Space that the counts of a volume do not include: temporary files and preallocated blocks. */
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

  /** The space limit can reject an upload only during a write, and never at the commit. */
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
