import { setImmediate as nextTick } from "node:timers/promises";
import { nothingToCancel, type Clock } from "../../../common/clock.ts";
import type { Semaphore } from "../../../common/semaphore.ts";
import type { Usage } from "../storage.ts";
import type { CountedFile, EndMove, Measurable } from "./usage-ledger.ts";

/**
 * Maximum age of a count in milliseconds. Counts are repeated because other engines and programs can change the same
 * volume.
 */
export const RECOUNT_PERIOD = 10 * 60 * 1000;
/**
 * Maximum time in milliseconds to wait for the first count of a home. After this time, the engine uses the usage that
 * it has counted so far.
 */
export const COUNT_PATIENCE = 2000;
/**
 * Maximum number of files and directories per count. If a home is larger, the engine does not count the remaining
 * entries.
 */
const MAX_COUNTED = 10_000_000;
/** Minimum time from the end of a count to the next count on demand, as a multiple of the count's duration. */
const REST_AFTER_COUNT = 10;
/**
 * Number of parts to count before the next home can continue. Counting these parts takes a few milliseconds on a fast
 * disk.
 */
const PARTS_PER_STEP = 32;

/** Permits only one count at a time, because counts and transfers use the same disk. */
export interface Counting {
  semaphore: Semaphore;
  signal: AbortSignal;
}

/** Growth from a running upload. */
interface Held {
  bytes: number;
  files?: number;
}

/** An upload's claim on the bytes of existing files that it can reuse. */
export interface Claim {
  readonly bytes: number;
  release(): void;
}

/**
 * Usage of one home or volume. The engine counts the usage on first use, and updates it after every change in this
 * process. The engine adds growth during a count to the result. The engine does not subtract files removed during a
 * count, because the count may have missed these files. The known usage can therefore be too high until the next count,
 * but never too low.
 */
export class HomeUsage {
  readonly #clock: Clock;
  readonly #counting: Counting;
  #counted: Usage = { bytes: 0, files: 0 };
  #changed: Usage = { bytes: 0, files: 0 };
  /** Growth since the start of the last count, and whether a directory has been moved since then. */
  #grown: Usage = { bytes: 0, files: 0 };
  #isMoved = false;
  /**
   * Time of the last count in milliseconds since the epoch. The value is undefined until the first count is complete.
   */
  #countedAt: number | undefined;
  /** Time from which the next count on demand can start, in milliseconds since the epoch. */
  #nextCountAt = 0;
  #running: Promise<void> | undefined;
  /** Growth from running uploads. */
  readonly #uploads = new Set<Held>();
  /** Number of finished counts. */
  #counts = 0;
  /** Files that running uploads will remove. The keys are values of `Entry.unique`. */
  readonly #claimed = new Set<string>();
  /** Existing files to which running uploads write. */
  readonly #overwritten = new Set<{ unique: string; bytes: number }>();
  /** Number of running renames. */
  #moves = 0;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, counting: Counting) {
    this.#clock = clock;
    this.#counting = counting;
  }

  get now(): Usage {
    const uploads = { bytes: 0, files: 0 };
    for (const { bytes, files = 0 } of this.#uploads) {
      uploads.bytes += bytes;
      uploads.files += files;
    }
    return {
      bytes: this.#counted.bytes + this.#changed.bytes + uploads.bytes,
      files: this.#counted.files + this.#changed.files + uploads.files,
    };
  }

  get counts(): number {
    return this.#counts;
  }

  change({ bytes, files }: Usage): void {
    this.#changed.bytes += bytes;
    this.#changed.files += files;
    this.#grown.bytes += Math.max(0, bytes);
    this.#grown.files += Math.max(0, files);
  }

  /**
   * Registers a rename until the returned function is called. A concurrent count can miss the moved entry. The engine
   * therefore adds a moved file to the result of the count. If a directory was moved, the count cannot reduce the known
   * usage.
   */
  startMove(): EndMove {
    this.#moves += 1;
    return (moved) => {
      this.#moves -= 1;
      if (moved?.type === "File") {
        this.#grown.bytes += moved.size;
        this.#grown.files += 1;
      } else if (moved !== undefined) this.#isMoved = true;
    };
  }

  /**
   * Includes the growth from a running upload until the returned function is called. The upload updates this growth.
   */
  hold(upload: Held): () => void {
    this.#uploads.add(upload);
    return () => void this.#uploads.delete(upload);
  }

  /** Runs one change at a time, and no change while a count begins or ends. Changes must be short. */
  exclusively<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#lastChange.then(change);
    this.#lastChange = result.catch(() => undefined);
    return result;
  }

  /** Claims the files that an upload will remove, except files that another upload has already claimed. */
  claim(files: readonly CountedFile[]): Claim {
    const claimed = files.filter(({ unique }) => !this.#claimed.has(unique));
    for (const { unique } of claimed) this.#claimed.add(unique);
    return {
      bytes: claimed.reduce((sum, { size }) => sum + size, 0),
      release: () => {
        for (const { unique } of claimed.splice(0)) this.#claimed.delete(unique);
      },
    };
  }

  /** Registers an upload that writes to an existing file. The claim ends early if another upload shortens the file. */
  overwrite({ unique, size }: CountedFile = { unique: "", size: 0 }): Claim {
    const overwritten = { unique, bytes: size, release: () => void this.#overwritten.delete(overwritten) };
    this.#overwritten.add(overwritten);
    return overwritten;
  }

  /** Ends all claims on a shortened file, because the file may no longer contain the reused bytes. */
  shortened(unique: string): void {
    for (const file of this.#overwritten) if (file.unique === unique) file.bytes = 0;
  }

  /** Starts a count if the last count is too old. Waits at most `COUNT_PATIENCE` for the first count. */
  async ready(storage: Measurable): Promise<void> {
    const old = this.#countedAt === undefined || this.#clock.now() - this.#countedAt >= RECOUNT_PERIOD;
    if (old) this.#start(storage);
    if (this.#countedAt === undefined) await this.#patiently(this.#running);
  }

  /**
   * Counts the usage again, because the known usage can be too high. Waits at most `COUNT_PATIENCE`. The pause after
   * each count limits these counts to less than a tenth of the time.
   */
  async recount(storage: Measurable): Promise<void> {
    const wait = this.#running === undefined ? this.#nextCountAt - this.#clock.now() : 0;
    if (wait > COUNT_PATIENCE) return;
    if (wait > 0) await new Promise<void>((resolve) => void this.#clock.schedule(wait, resolve));
    this.#start(storage);
    await this.#patiently(this.#running);
  }

  /** Starts a count unless a count is running. The next call repeats a failed count. */
  #start(storage: Measurable): void {
    this.#running ??= this.#count(storage).catch(() => undefined);
  }

  async #patiently(count: Promise<void> | undefined): Promise<void> {
    if (count === undefined) return;
    let cancel = nothingToCancel;
    const patience = new Promise<void>((resolve) => (cancel = this.#clock.schedule(COUNT_PATIENCE, resolve)));
    await Promise.race([count, patience]);
    cancel();
  }

  async #count(storage: Measurable): Promise<void> {
    const startedAt = this.#clock.now();
    const { semaphore, signal } = this.#counting;
    const found: Usage = { bytes: 0, files: 0 };
    const parts = storage.measure()[Symbol.asyncIterator]();
    try {
      await semaphore.run(() => this.exclusively(async () => this.#begin(found)), { signal });
      // Each step requests a separate permit, so that the counts of small homes do not wait for the count of a large
      // home.
      while (await semaphore.run(() => addParts(parts, found), { signal })) await nextTick();
      await this.exclusively(async () => this.#end(found));
    } finally {
      this.#running = undefined;
      const endedAt = this.#clock.now();
      this.#nextCountAt = endedAt + REST_AFTER_COUNT * (endedAt - startedAt);
      await parts.return?.();
    }
  }

  #begin(found: Usage): void {
    this.#grown = { bytes: 0, files: 0 };
    this.#isMoved = this.#moves > 0;
    if (this.#countedAt !== undefined) return;
    // The engine uses a partial result only until the first count is complete.
    this.#counted = found;
    this.#changed = { bytes: 0, files: 0 };
  }

  #end(found: Usage): void {
    const holds = (what: keyof Usage): number => {
      const counted = found[what] + this.#grown[what];
      return this.#isMoved || this.#moves > 0
        ? Math.max(counted, this.#counted[what] + this.#changed[what])
        : counted;
    };
    this.#counted = { bytes: holds("bytes"), files: holds("files") };
    this.#changed = { bytes: 0, files: 0 };
    this.#countedAt = this.#clock.now();
    this.#counts += 1;
  }
}

/** Adds the next parts to `found`. Returns whether more parts remain. */
async function addParts(parts: AsyncIterator<Usage>, found: Usage): Promise<boolean> {
  for (let part = 0; part < PARTS_PER_STEP; part++) {
    const { done, value } = await parts.next();
    if (done === true) return false;
    found.bytes += value.bytes;
    found.files += value.files;
  }
  return found.files < MAX_COUNTED;
}
