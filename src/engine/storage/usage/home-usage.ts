import { setImmediate as nextTurn } from "node:timers/promises";
import { nothingToCancel, type Clock } from "../../../common/clock.ts";
import type { Semaphore } from "../../../common/semaphore.ts";
import type { Usage } from "../storage.ts";
import type { CountedFile, EndMove, Measurable } from "./usage-ledger.ts";

/** How old a count may be, in milliseconds: other engines and programs change the same volume. */
export const RECOUNT_PERIOD = 10 * 60 * 1000;
/** How long an upload waits for the first count of its home; then it is judged by what was counted so far. Milliseconds. */
export const COUNT_PATIENCE = 2000;
/** Files and directories looked at in one count; of a larger home the rest is taken for empty. */
const MAX_COUNTED = 10_000_000;
/** Least time between two counts on demand, as a multiple of the duration of the first one. */
const REST_AFTER_COUNT = 10;
/** Parts of a home that are counted before it is another home's turn; some milliseconds, where the disk is fast. */
const PARTS_IN_A_TURN = 32;

/** One count at a time, in the background: it must not take the disk from those who transfer. */
export interface Counting {
  semaphore: Semaphore;
  signal: AbortSignal;
}

/** Bytes of existing files that an upload can reuse. */
export interface Claim {
  readonly bytes: number;
  release(): void;
}

/**
 * What one home holds: counted when it is first needed, and kept up with every change that this engine makes. What grows while a
 * count runs is added to it, and what shrinks is not taken away, as the count may have seen that or not: what is known errs
 * upwards until the next count.
 */
export class HomeUsage {
  readonly #clock: Clock;
  readonly #counting: Counting;
  #counted: Usage = { bytes: 0, files: 0 };
  #changed: Usage = { bytes: 0, files: 0 };
  /** Since the last count began: what has grown, and whether something was moved. */
  #grown: Usage = { bytes: 0, files: 0 };
  #isMoved = false;
  /** Milliseconds since the epoch; undefined before the first count has ended. */
  #countedAt: number | undefined;
  /** Earliest time of the next count on demand, in milliseconds since the epoch. */
  #nextCountAt = 0;
  #running: Promise<void> | undefined;
  /** Bytes of uploads that run. */
  readonly #uploads = new Set<{ bytes: number }>();
  /** Files that running uploads will remove, as `Entry.unique`. */
  readonly #claimed = new Set<string>();
  /** Files that running uploads write to. */
  readonly #overwritten = new Set<{ unique: string; bytes: number }>();
  /** Number of running renames. */
  #moves = 0;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, counting: Counting) {
    this.#clock = clock;
    this.#counting = counting;
  }

  get now(): Usage {
    const uploads = this.#uploads.values().reduce((sum, { bytes }) => sum + bytes, 0);
    return {
      bytes: this.#counted.bytes + this.#changed.bytes + uploads,
      files: this.#counted.files + this.#changed.files,
    };
  }

  change({ bytes, files }: Usage): void {
    this.#changed.bytes += bytes;
    this.#changed.files += files;
    this.#grown.bytes += Math.max(0, bytes);
    this.#grown.files += Math.max(0, files);
  }

  /**
   * Registers a rename. The returned function ends it. A count that runs meanwhile can miss what is moved: a moved file is added to
   * it, and after any other move the count lowers nothing.
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

  /** Adds the bytes of a running upload, which changes them, until the returned function is called. */
  hold(upload: { bytes: number }): () => void {
    this.#uploads.add(upload);
    return () => void this.#uploads.delete(upload);
  }

  /** Runs one change at a time, and none while a count begins or ends. */
  exclusively<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#lastChange.then(change);
    this.#lastChange = result.catch(() => undefined);
    return result;
  }

  /** Claims the files that an upload will remove, except those that another upload has claimed. */
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

  /** Registers an upload that writes to an existing file. Its claim ends early when another upload shortens the file. */
  overwrite({ unique, size }: CountedFile = { unique: "", size: 0 }): Claim {
    const overwritten = { unique, bytes: size, release: () => void this.#overwritten.delete(overwritten) };
    this.#overwritten.add(overwritten);
    return overwritten;
  }

  /** Ends the claims on a file that was shortened, because the bytes that they reuse can be gone. */
  shortened(unique: string): void {
    for (const file of this.#overwritten) if (file.unique === unique) file.bytes = 0;
  }

  /** Starts a count when it is time for one, and waits for the first; see COUNT_PATIENCE. */
  async ready(storage: Measurable): Promise<void> {
    const old = this.#countedAt === undefined || this.#clock.now() - this.#countedAt >= RECOUNT_PERIOD;
    if (old) this.#start(storage);
    if (this.#countedAt === undefined) await this.#patiently(this.#running);
  }

  /**
   * Counts on demand, because what is known errs upwards, and waits up to COUNT_PATIENCE. Repeated demand spends at most a tenth of
   * the time on counting.
   */
  async recount(storage: Measurable): Promise<void> {
    const wait = this.#running === undefined ? this.#nextCountAt - this.#clock.now() : 0;
    if (wait > COUNT_PATIENCE) return;
    if (wait > 0) await new Promise<void>((resolve) => void this.#clock.schedule(wait, resolve));
    this.#start(storage);
    await this.#patiently(this.#running);
  }

  /** Starts a count unless one runs. It ends early when the server does, and is repeated with the next need when it failed. */
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
      // A turn for each part: who has a large home waits for those with small ones, not they for him.
      while (await semaphore.run(() => addSome(parts, found), { signal })) await nextTurn();
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
    // What is known so far is better than nothing, though not than an older count.
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
  }
}

/** @returns whether there is more */
async function addSome(parts: AsyncIterator<Usage>, found: Usage): Promise<boolean> {
  for (let part = 0; part < PARTS_IN_A_TURN; part++) {
    const { done, value } = await parts.next();
    if (done === true) return false;
    found.bytes += value.bytes;
    found.files += value.files;
  }
  return found.files < MAX_COUNTED;
}
