import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { releaseChunk } from "../../../common/buffer-memory.ts";
import { EngineError } from "../../errors.ts";
import { crc32Checksum, type Entry, type FileChecksum, type ReadHandle } from "../storage.ts";
import { isCode } from "./conditional.ts";
import type { ObjectLimits } from "./limits.ts";
import type { ObjectFacts, ObjectStore } from "./object-store.ts";

const EMPTY = Buffer.alloc(0);

export interface ReaderOptions {
  store: ObjectStore;
  limits: ObjectLimits;
  key: string;
  facts: ObjectFacts;
  entry: Entry;
  /** First response, if the request that opened the object also returned its content. */
  first?: { stream: Readable; position: number } | undefined;
  /** Controller that aborts all requests when the reader is closed. */
  closing: AbortController;
}

/**
 * An open object. Sequential reads share one response. A read at another position, or after a broken connection, sends
 * a new request. All requests read the object version that existed when the reader was opened.
 */
export class ObjectReader implements ReadHandle {
  readonly entry: Entry;
  readonly digests: ReadonlyMap<string, string>;
  readonly #options: ReaderOptions;
  readonly #closing: AbortController;
  #stream: Readable | undefined;
  /** Offset of the next unread byte, which is the first byte in `#rest` or in the stream. */
  #streamPosition = 0;
  /** Whether the reader has received the last response completely. */
  #isComplete = false;
  /** Received bytes that have not been consumed yet. */
  #rest: Uint8Array = EMPTY;
  /** Last received chunk, which contains `#rest`. */
  #chunk: Uint8Array = this.#rest;
  /** CRC-32 of all bytes before the offset `#checked`. */
  #crc32 = 0;
  #checked = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.entry = options.entry;
    this.digests = options.facts.digests;
    this.#closing = options.closing;
    if (options.first !== undefined) this.#use(options.first.stream, options.first.position);
  }

  get checksum(): FileChecksum | undefined {
    const { crc32: known } = this.#options.facts;
    return known === undefined ? undefined : crc32Checksum(known);
  }

  async read(buffer: Uint8Array, position: number): Promise<number> {
    let filled = 0;
    while (filled < buffer.length) {
      const bytes = filled === 0 ? await this.#bytesAt(position) : this.#receivedBytes();
      const taken = bytes?.subarray(0, buffer.length - filled);
      if (taken === undefined || taken.length === 0) break;
      buffer.set(taken, filled);
      filled += taken.length;
      this.#consume(taken.length);
    }
    return filled;
  }

  async *chunks(start: number, end: number): AsyncGenerator<Uint8Array> {
    for (let position = start; position < end; ) {
      const bytes = (await this.#bytesAt(position)).subarray(0, end - position);
      if (bytes.length === 0) return;
      yield bytes;
      position += bytes.length;
      this.#consume(bytes.length);
    }
  }

  async close(): Promise<void> {
    if (this.#isComplete) return;
    this.#closing.abort();
    this.#drop();
  }

  /**
   * Returns the next received bytes at a position. Returns no bytes at the end of the file.
   * @throws EngineError Aborted, InvalidData or StorageUnavailable
   */
  async #bytesAt(position: number): Promise<Uint8Array> {
    const { facts, limits } = this.#options;
    if (position >= facts.size) return EMPTY;
    for (let tries = 1; ; tries++) {
      try {
        const stream = await this.#streamAt(position);
        const bytes = this.#receivedBytes() ?? this.#received(await nextChunk(stream));
        if (bytes === undefined) throw new Error("the response is truncated");
        return bytes;
      } catch (error) {
        this.#drop();
        if (error instanceof EngineError) throw changedIn(error);
        if (this.#closing.signal.aborted || tries >= limits.readAttempts) throw interrupted(error);
        await sleep(limits.pause * tries);
      }
    }
  }

  /** Returns received bytes that have not been consumed yet, or undefined if the next read must wait. */
  #receivedBytes(): Uint8Array | undefined {
    if (this.#rest.length > 0) return this.#rest;
    return this.#stream && this.#received(buffered(this.#stream));
  }

  /** Checks a chunk while it is still in the CPU cache. */
  #received(chunk: Uint8Array | undefined): Uint8Array | undefined {
    if (chunk === undefined) return undefined;
    if (this.#streamPosition + chunk.length > this.#options.facts.size)
      throw new EngineError("StorageUnavailable", "The object storage sent more bytes than the file has");
    this.#check(chunk);
    this.#chunk = chunk;
    this.#rest = chunk;
    return chunk;
  }

  #consume(bytes: number): void {
    this.#rest = this.#rest.subarray(bytes);
    this.#streamPosition += bytes;
    // The garbage collector frees used chunks too late, so a large download would otherwise fill the memory.
    if (this.#rest.length === 0) releaseChunk(this.#chunk);
    if (this.#stream !== undefined && this.#streamPosition === this.#options.facts.size)
      this.#end(this.#stream);
  }

  async #streamAt(position: number): Promise<Readable> {
    if (this.#stream !== undefined && this.#streamPosition === position) return this.#stream;
    this.#drop();
    const { store, key, facts } = this.#options;
    const stream = await store.get(key, { offset: position, etag: facts.etag }, this.#closing.signal);
    this.#use(stream, position);
    return stream;
  }

  #use(stream: Readable, position: number): void {
    // Without a listener, a stream error between two reads would end the process. The next read reports the error.
    stream.on("error", () => undefined);
    this.#stream = stream;
    this.#streamPosition = position;
    this.#isComplete = false;
  }

  /**
   * Adds a chunk, which begins at the stream position, to the checksum. A chunk of a repeated response can begin with
   * bytes that have already been checked.
   * @throws EngineError InvalidData if the checksum of the received bytes differs from the object's checksum in the
   *   service
   */
  #check(chunk: Uint8Array): void {
    const { crc32: expected, size } = this.#options.facts;
    const known = this.#checked - this.#streamPosition;
    if (expected === undefined || known < 0 || known >= chunk.length) return;
    this.#crc32 = crc32(known === 0 ? chunk : chunk.subarray(known), this.#crc32);
    this.#checked += chunk.length - known;
    if (this.#checked === size && this.#crc32 !== expected)
      throw new EngineError("InvalidData", "The file does not match its stored checksum");
  }

  /** Reads a response to its end, so that a later request can reuse the connection. */
  #end(stream: Readable): void {
    stream.resume();
    this.#stream = undefined;
    this.#isComplete = true;
  }

  #drop(): void {
    this.#stream?.destroy();
    this.#stream = undefined;
    this.#rest = EMPTY;
  }
}

/** Returns the next bytes of a response, or undefined at the end. */
async function nextChunk(stream: Readable): Promise<Uint8Array | undefined> {
  for (;;) {
    const chunk = buffered(stream);
    if (chunk !== undefined) return chunk;
    if (stream.readableEnded) return undefined;
    if (stream.errored) throw stream.errored;
    if (stream.destroyed) throw new Error("the response ended early");
    await change(stream);
  }
}

function buffered(stream: Readable): Uint8Array | undefined {
  const chunk: unknown = stream.read();
  return chunk instanceof Uint8Array ? chunk : undefined;
}

/** Waits until a stream has bytes or has ended. */
async function change(stream: Readable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const events = ["readable", "end", "error", "close"];
  for (const event of events) stream.once(event, resolve);
  await promise;
  for (const event of events) stream.off(event, resolve);
}

function changedIn(error: EngineError): EngineError {
  if (!isCode(error, "Conflict", "NotFound")) return error;
  return new EngineError("Aborted", "The file was changed or removed during the transfer", { cause: error });
}

function interrupted(cause: unknown): EngineError {
  return new EngineError("StorageUnavailable", "The connection to the object storage was lost", { cause });
}
