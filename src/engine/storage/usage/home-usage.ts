import { setImmediate as nextTurn } from "node:timers/promises";
import { nothingToCancel, type Clock } from "../../../common/clock.ts";
import type { Semaphore } from "../../../common/semaphore.ts";
import type { Entry, Storage, Usage } from "../storage.ts";

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

/** What a count reads. */
export type Measurable = Pick<Storage, "measure">;

/** One count at a time, in the background: it must not take the disk from those who transfer. */
export interface Counting {
  semaphore: Semaphore;
  signal: AbortSignal;
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
  /** The files that uploads that run will take away, as Entry.unique. */
  readonly #claimed = new Set<string>();
  /** Uploads that run onto files that were there. */
  readonly #onto = new Set<{ unique: string; isCut: boolean }>();
  #lastTurn: Promise<unknown> = Promise.resolve();

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

  /** Tells that something has got another name, where a count that runs may not look any more. */
  moved(what: Entry | undefined): void {
    if (what?.type === "File") {
      this.#grown.bytes += what.size;
      this.#grown.files += 1;
    } else this.#isMoved = true;
  }

  /** Registers an upload, which counts its own bytes. @returns what ends it */
  begin(upload: { bytes: number }): () => void {
    this.#uploads.add(upload);
    return () => void this.#uploads.delete(upload);
  }

  /** Makes one change at a time, so that what was there before it is known. Only for what is quick. */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(change);
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  /** Lets an upload count on files that it will take away, as far as no other does. @returns their sizes */
  claim(entries: readonly Entry[]): { bytes: number; release: () => void } {
    const claimed = entries.filter(({ unique }) => !this.#claimed.has(unique));
    for (const { unique } of claimed) this.#claimed.add(unique);
    return {
      bytes: claimed.reduce((sum, { size }) => sum + size, 0),
      release: () => {
        for (const { unique } of claimed.splice(0)) this.#claimed.delete(unique);
      },
    };
  }

  /** Registers an upload onto a file, which is told when another makes that one shorter. @returns what ends it */
  writeOnto(file: { unique: string; isCut: boolean }): () => void {
    this.#onto.add(file);
    return () => void this.#onto.delete(file);
  }

  cut(unique: string): void {
    for (const file of this.#onto) if (file.unique === unique) file.isCut = true;
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
      await semaphore.run(() => this.inTurn(async () => this.#begin(found)), { signal });
      // A turn for each part: who has a large home waits for those with small ones, not they for him.
      while (await semaphore.run(() => addSome(parts, found), { signal })) await nextTurn();
      await this.inTurn(async () => this.#end(found));
    } finally {
      this.#running = undefined;
      const endedAt = this.#clock.now();
      this.#nextCountAt = endedAt + REST_AFTER_COUNT * (endedAt - startedAt);
      await parts.return?.();
    }
  }

  #begin(found: Usage): void {
    this.#grown = { bytes: 0, files: 0 };
    this.#isMoved = false;
    if (this.#countedAt !== undefined) return;
    // What is known so far is better than nothing, though not than an older count.
    this.#counted = found;
    this.#changed = { bytes: 0, files: 0 };
  }

  #end(found: Usage): void {
    const holds = (what: keyof Usage): number => {
      const counted = found[what] + this.#grown[what];
      return this.#isMoved ? Math.max(counted, this.#counted[what] + this.#changed[what]) : counted;
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
