import { MAX_UNWRITTEN_BYTES } from "../limits.ts";

/** Writes the collected lines to each log. Never rejects. */
export type WriteBatch = (batch: ReadonlyMap<string, readonly string[]>) => Promise<void>;

/** Collects lines while a write is running, so that concurrent uploads share one write for each log. */
export class BatchWriter {
  readonly #write: WriteBatch;
  #batch = new Map<string, string[]>();
  #bytes = 0;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(write: WriteBatch) {
    this.#write = write;
  }

  /** Whether all lines are written. */
  get isIdle(): boolean {
    return this.#next === undefined && this.#running === undefined;
  }

  /** Resolves when no lines are waiting. */
  get idle(): Promise<void> {
    return this.#next ?? this.#running ?? Promise.resolve();
  }

  /**
   * Adds a line to several logs.
   * @returns promise that resolves after the write, or undefined if too many bytes are waiting
   */
  add(logs: readonly string[], line: string): Promise<void> | undefined {
    const bytes = line.length * logs.length;
    if (this.#bytes + bytes > MAX_UNWRITTEN_BYTES) return undefined;
    this.#bytes += bytes;
    for (const log of logs) {
      const lines = this.#batch.get(log);
      if (lines === undefined) this.#batch.set(log, [line]);
      else lines.push(line);
    }
    this.#next ??= this.#afterRunning();
    return this.#next;
  }

  async #afterRunning(): Promise<void> {
    await this.#running;
    const batch = this.#batch;
    this.#batch = new Map();
    this.#bytes = 0;
    this.#next = undefined;
    const running = this.#write(batch);
    this.#running = running;
    await running;
    if (this.#running === running) this.#running = undefined;
  }
}
