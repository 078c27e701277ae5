import { bodyOf } from "../../../storage/object/bodies.ts";
import { isCode } from "../../../storage/object/conditional.ts";
import { pagesOf } from "../../../storage/object/listing.ts";
import { type ObjectStore, REMOVED_TOGETHER } from "../../../storage/object/object-store.ts";
import {
  BATCH_BYTES,
  CONCURRENT_READS,
  MAX_RECENT_BYTES,
  MAX_STORED_BYTES,
  MERGED_BATCH_BYTES,
  OBJECT_READ_TIMEOUT,
  POSITION_PERIOD,
} from "../../limits.ts";
import type { EventLog, Line, Position } from "../event-log.ts";
import { type Batch, batchKey, contentOf, linesIn, parseBatchKey, partsOf } from "./batch.ts";

export interface BatchLimits {
  batchBytes: number;
  mergedBytes: number;
  recentBytes: number;
  storedBytes: number;
  /** Minimum time in milliseconds between two requests that remove delivered batches. */
  removalPeriod: number;
}

const LIMITS: BatchLimits = {
  batchBytes: BATCH_BYTES,
  mergedBytes: MERGED_BATCH_BYTES,
  recentBytes: MAX_RECENT_BYTES,
  storedBytes: MAX_STORED_BYTES,
  removalPeriod: POSITION_PERIOD,
};

/**
 * Event log that is stored in bucket objects. Each object contains a batch of lines and is removed when all its lines
 * are delivered. If the last batch is small and unread, a new batch replaces it and includes its lines. Many single
 * events therefore do not result in many objects. Positions contain line counts.
 */
export class BatchLog implements EventLog {
  readonly #store: ObjectStore;
  readonly #prefix: string;
  readonly #limits: BatchLimits;
  /** Oldest first. */
  readonly #batches: Batch[];
  /** Keys of objects that are no longer needed. */
  readonly #unneeded: Set<string>;
  #removedAt = 0;
  /** Number of the last batch that was read. */
  #read = 0;
  #lastNumber: number;
  #recentBytes = 0;
  /** Resolves when the last batch has been replaced. Until then, the batch cannot be read. */
  #replacing: Promise<unknown> | undefined;

  private constructor(
    store: ObjectStore,
    prefix: string,
    limits: Partial<BatchLimits>,
    { batches, unneeded }: { batches: Batch[]; unneeded: Set<string> },
  ) {
    this.#store = store;
    this.#prefix = prefix;
    this.#limits = { ...LIMITS, ...limits };
    this.#batches = batches;
    this.#unneeded = unneeded;
    this.#lastNumber = batches.at(-1)?.number ?? 0;
  }

  /** Creates a log without batches. @param prefix key prefix without objects */
  static create(store: ObjectStore, prefix: string, limits: Partial<BatchLimits> = {}): BatchLog {
    return new BatchLog(store, prefix, limits, { batches: [], unneeded: new Set() });
  }

  /** Opens a log with the batches in the bucket. */
  static async open(
    store: ObjectStore,
    prefix: string,
    limits: Partial<BatchLimits> = {},
  ): Promise<BatchLog> {
    return new BatchLog(store, prefix, limits, await findBatches(store, prefix));
  }

  get pending(): number {
    return this.#batches.reduce((sum, { lines, delivered }) => sum + lines - delivered, 0);
  }

  get bytes(): number {
    return this.#batches.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get isRead(): boolean {
    return (this.#batches.at(-1)?.number ?? 0) <= this.#read;
  }

  /** Whether the bucket contains no objects of this log. */
  get isEmpty(): boolean {
    return this.#batches.length === 0 && this.#unneeded.size === 0;
  }

  async append(lines: readonly string[]): Promise<number> {
    for (const part of partsOf(lines, this.#limits.batchBytes)) await this.#appendPart(part);
    return this.#discardOldest();
  }

  async read(): Promise<Line[]> {
    for (;;) {
      const next = await this.#takeBatches();
      if (next.length === 0) return [];
      const before = this.#read;
      this.#read = next.at(-1)?.number ?? before;
      try {
        const found = await Promise.all(next.map((batch) => this.#linesOf(batch)));
        if (found.some((lines) => lines.length > 0)) return found.flat();
      } catch (error) {
        this.#read = before;
        throw error;
      }
    }
  }

  async acknowledge(ends: readonly Position[]): Promise<void> {
    for (const { segment } of ends) {
      const batch = this.#batches.find(({ number }) => number === segment);
      if (batch === undefined) continue;
      batch.delivered += 1;
      if (batch.delivered === batch.lines) this.#drop(batch);
    }
    if (Date.now() - this.#removedAt >= this.#limits.removalPeriod) await this.flush();
  }

  /** Removes the objects of delivered batches. */
  async flush(): Promise<void> {
    this.#removedAt = Date.now();
    while (this.#unneeded.size > 0) {
      const keys = [...this.#unneeded].slice(0, REMOVED_TOGETHER);
      await this.#store.removeAll(keys);
      for (const key of keys) this.#unneeded.delete(key);
    }
  }

  async remove(): Promise<void> {
    for (let [first] = this.#batches; first !== undefined; [first] = this.#batches) this.#drop(first);
    await this.flush();
  }

  async close(): Promise<void> {
    await this.#replacing;
  }

  async #appendPart(lines: readonly string[]): Promise<void> {
    const last = this.#batches.at(-1);
    const replaced = last !== undefined && this.#isReplaced(last, lines) ? last : undefined;
    const stored = this.#storeBatch(replaced, [...(replaced?.texts ?? []), ...lines]);
    if (replaced !== undefined) this.#replacing = stored.catch(() => undefined);
    try {
      const batch = await stored;
      if (replaced !== undefined) this.#drop(replaced);
      this.#forgetTexts(batch.bytes);
      this.#recentBytes += batch.bytes;
      this.#batches.push(batch);
    } finally {
      this.#replacing = undefined;
    }
  }

  #isReplaced({ number, texts, bytes }: Batch, lines: readonly string[]): boolean {
    return (
      texts !== undefined &&
      number > this.#read &&
      bytes + contentOf(lines).length <= this.#limits.mergedBytes
    );
  }

  async #storeBatch(replaced: Batch | undefined, texts: readonly string[]): Promise<Batch> {
    const number = replaced?.number ?? ++this.#lastNumber;
    const key = batchKey(this.#prefix, number, texts.length);
    const content = contentOf(texts);
    const { etag } = await this.#store.put(key, bodyOf(content));
    return { number, key, etag, bytes: content.length, lines: texts.length, delivered: 0, texts };
  }

  /** Returns the next unread batches. Reads several batches from the bucket at the same time. */
  async #takeBatches(): Promise<Batch[]> {
    const isUnread = ({ number }: Batch): boolean => number > this.#read;
    const first = this.#batches.findIndex(isUnread);
    const isLast = first !== -1 && first === this.#batches.length - 1;
    if (isLast) await this.#replacing;
    const unread = this.#batches.filter(isUnread);
    if (this.#replacing !== undefined) unread.pop();
    const batches = unread.slice(0, CONCURRENT_READS);
    let bytes = 0;
    const end = batches.findIndex((batch) => (bytes += batch.bytes) > this.#limits.batchBytes);
    return end === -1 ? batches : batches.slice(0, Math.max(1, end));
  }

  async #linesOf(batch: Batch): Promise<Line[]> {
    const texts = batch.texts ?? (await this.#readBatch(batch));
    if (batch.texts !== undefined) this.#forgetBatch(batch);
    return texts.map((text, index) => ({ text, end: { segment: batch.number, offset: index + 1 } }));
  }

  /** Returns no lines if another engine has delivered the events and removed the object. */
  async #readBatch(batch: Batch): Promise<string[]> {
    const signal = AbortSignal.timeout(OBJECT_READ_TIMEOUT);
    try {
      const stream = await this.#store.get(batch.key, { offset: 0, etag: batch.etag }, signal);
      const chunks: Uint8Array[] = await stream.toArray();
      return linesIn(Buffer.concat(chunks));
    } catch (error) {
      if (!isCode(error, "NotFound")) throw error;
      this.#drop(batch);
      return [];
    }
  }

  #drop(batch: Batch): void {
    const index = this.#batches.indexOf(batch);
    if (index === -1) return;
    this.#batches.splice(index, 1);
    this.#forgetBatch(batch);
    this.#unneeded.add(batch.key);
  }

  /** Limits the memory for lines. The last batch always remains in memory, because a new batch can replace it. */
  #forgetTexts(bytes: number): void {
    for (const batch of this.#batches.toReversed())
      if (batch.texts !== undefined && this.#recentBytes + bytes > this.#limits.recentBytes)
        this.#forgetBatch(batch);
  }

  #forgetBatch(batch: Batch): void {
    if (batch.texts === undefined) return;
    batch.texts = undefined;
    this.#recentBytes -= batch.bytes;
  }

  #discardOldest(): number {
    let discarded = 0;
    while (this.#batches.length > 1 && this.bytes > this.#limits.storedBytes) {
      const [first] = this.#batches;
      if (first === undefined) break;
      discarded += first.lines - first.delivered;
      this.#drop(first);
    }
    return discarded;
  }
}

async function findBatches(
  store: ObjectStore,
  prefix: string,
): Promise<{ batches: Batch[]; unneeded: Set<string> }> {
  const byNumber = new Map<number, Batch>();
  const unneeded = new Set<string>();
  for await (const { objects } of pagesOf(store, prefix))
    for (const { key, etag, size: bytes } of objects) {
      const parsed = parseBatchKey(prefix, key);
      if (parsed === undefined) continue;
      // After a crash, two objects can have the same number. The object with more lines contains all lines.
      const other = byNumber.get(parsed.number);
      const isLonger = other === undefined || other.lines < parsed.lines;
      if (isLonger)
        byNumber.set(parsed.number, { ...parsed, key, etag, bytes, delivered: 0, texts: undefined });
      if (other !== undefined) unneeded.add(isLonger ? other.key : key);
    }
  return { batches: [...byNumber.values()].toSorted((one, other) => one.number - other.number), unneeded };
}
