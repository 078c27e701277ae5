import { Semaphore } from "../../../common/semaphore.ts";
import type { Clock } from "../../../common/clock.ts";
import { EngineError } from "../../errors.ts";
import { HomeUsage, type Measurable } from "./home-usage.ts";

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
export class SpaceLimit {
  readonly usage: HomeUsage;
  readonly preallocates: boolean;
  readonly #limit: number;
  readonly #volume: Volume;
  readonly #closing = new AbortController();

  /** @param bytes the limit that must not be exceeded */
  constructor(bytes: number, volume: Volume, clock: Clock) {
    this.#limit = bytes;
    this.#volume = volume;
    this.preallocates = volume.preallocates;
    this.usage = new HomeUsage(clock, { semaphore: new Semaphore(1), signal: this.#closing.signal });
  }

  /** Counts the volume for the first time. Returns when that is done, or has taken too long. */
  async start(): Promise<void> {
    await this.usage.ready(this.#volume);
  }

  /** Bytes that may still be occupied. */
  get available(): number {
    const margin = Math.min(Math.max(this.#limit * MARGIN, MIB), this.#limit / 2);
    return Math.max(0, Math.floor(this.#limit - margin) - this.usage.now.bytes);
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

  /** Books a new file or directory. @throws EngineError NoSpace */
  async addEntry(): Promise<void> {
    await this.ensure(() => {
      const fits = ENTRY_BYTES <= this.available;
      if (fits) this.usage.change({ bytes: ENTRY_BYTES, files: 0 });
      return fits;
    });
  }

  /** Ends a count that runs. */
  close(): void {
    this.#closing.abort();
  }
}
