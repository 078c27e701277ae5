import type { Clock } from "../../../common/clock.ts";
import { MAX_RECORD_WAIT, MAX_UNWRITTEN_BYTES } from "../limits.ts";

/** Writes the collected lines to each log. Returns undefined if the lines are already written. Never rejects. */
export type WriteBatch = (batch: ReadonlyMap<string, readonly string[]>) => Promise<void> | undefined;

interface Batch {
  lines: Map<string, string[]>;
  bytes: number;
  /** Resolves when the lines are written, or {@link MAX_RECORD_WAIT} after the start of the write. */
  promise: Promise<void>;
  resolve: () => void;
}

/**
 * Collects the lines from one event-loop tick, and the lines that arrive while a write is running. Concurrent uploads
 * therefore share one write for each log. Makes one write at a time.
 */
export class BatchWriter {
  readonly #write: WriteBatch;
  readonly #clock: Clock;
  #batch: Batch | undefined;
  #running: Promise<void> | undefined;

  constructor(write: WriteBatch, clock: Clock) {
    this.#write = write;
    this.#clock = clock;
  }

  /**
   * Adds a line to several logs.
   * @returns promise that resolves after the write or after {@link MAX_RECORD_WAIT}, or undefined if too many bytes are
   *   waiting
   */
  add(logs: readonly string[], line: string): Promise<void> | undefined {
    const batch = (this.#batch ??= this.#newBatch());
    const bytes = line.length * logs.length;
    if (batch.bytes + bytes > MAX_UNWRITTEN_BYTES) return undefined;
    batch.bytes += bytes;
    for (const log of logs) {
      const lines = batch.lines.get(log);
      if (lines === undefined) batch.lines.set(log, [line]);
      else lines.push(line);
    }
    return this.#running === undefined ? batch.promise : this.#within(batch.promise);
  }

  /** Writes all lines. Never rejects. */
  async drain(): Promise<void> {
    this.#flush();
    while (this.#running !== undefined) await this.#running;
  }

  #newBatch(): Batch {
    if (this.#running === undefined) setImmediate(() => this.#flush());
    const { promise, resolve } = Promise.withResolvers<void>();
    return { lines: new Map(), bytes: 0, promise, resolve };
  }

  #flush(): void {
    const batch = this.#batch;
    if (batch === undefined || this.#running !== undefined) return;
    this.#batch = undefined;
    const running = this.#write(batch.lines);
    if (running === undefined) return batch.resolve();
    this.#running = this.#end(running, batch);
  }

  /** Waits for a write, and then writes the lines that have arrived during the write. */
  async #end(running: Promise<void>, { resolve }: Batch): Promise<void> {
    const cancel = this.#clock.schedule(MAX_RECORD_WAIT, resolve);
    await running;
    cancel();
    resolve();
    this.#running = undefined;
    this.#flush();
  }

  /** Limits the time for which a line waits for the running write and for its own write. */
  async #within(written: Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.schedule(MAX_RECORD_WAIT, resolve);
    await Promise.race([written, promise]);
    cancel();
  }
}
