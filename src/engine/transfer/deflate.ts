/** MODE Z on the wire: the bytes of a transfer as one zlib stream (draft-preston-ftpext-deflate). */
import type { Writable } from "node:stream";
import {
  constants,
  createDeflate,
  createInflate,
  deflateRawSync,
  type Deflate,
  type Inflate,
  type ZlibOptions,
} from "node:zlib";
import { EngineError, toEngineError } from "../errors.ts";
import { releaseOutput, UNSHARED_BYTES } from "../../common/buffer-memory.ts";
import type { Sink } from "./receive.ts";

export const DEFAULT_DEFLATE_LEVEL = 6;

const { Z_BEST_SPEED, Z_DEFAULT_STRATEGY, Z_NO_COMPRESSION } = constants;
/** Bytes of a chunk that are tried out. */
const SAMPLE = 4096;
/** Bytes of one output buffer. */
const OUTPUT_BYTES = UNSHARED_BYTES;
/** What a sample must shrink to. */
const WORTHWHILE = 0.95;

/** 32 KiB for each stream instead of 256: windows this small still find most of what repeats. */
const FRUGAL: ZlibOptions = { windowBits: 12, memLevel: 5 };

/**
 * The chunks compressed. Each is used up before the next is asked for.
 * @param level 0 (none) to 9 (most)
 * @param frugal for when memory is needed elsewhere
 */
export async function* deflated(
  chunks: AsyncIterable<Uint8Array>,
  level: number,
  frugal: boolean,
): AsyncGenerator<Uint8Array> {
  const deflate = createDeflate({ level, chunkSize: OUTPUT_BYTES, ...(frugal ? FRUGAL : {}) });
  const feeding = feed(chunks, deflate, level).catch(
    (error: unknown) => void deflate.destroy(toEngineError(error)),
  );
  try {
    for await (const chunk of deflate) {
      yield chunk;
      releaseOutput(chunk, OUTPUT_BYTES);
    }
  } finally {
    deflate.destroy();
    // Whoever owns the chunks may close their file next.
    await feeding;
  }
}

async function feed(chunks: AsyncIterable<Uint8Array>, into: Deflate, level: number): Promise<void> {
  let current = level;
  for await (const chunk of chunks) {
    if (into.destroyed) return;
    const wanted = shrinks(chunk) ? level : Z_NO_COMPRESSION;
    if (wanted !== current) await done(into, (ready) => into.params(wanted, Z_DEFAULT_STRATEGY, ready));
    current = wanted;
    await use(into, chunk);
  }
  into.end();
}

/**
 * Whether compressing a chunk is worth the work: one that holds pictures or archives costs 20 times as much as one that is stored as
 * it is, for nothing. A piece from its middle stands for it.
 */
function shrinks(chunk: Uint8Array): boolean {
  const middle = Math.max(0, (chunk.length - SAMPLE) >> 1);
  const sample = chunk.subarray(middle, middle + SAMPLE);
  return deflateRawSync(sample, { ...FRUGAL, level: Z_BEST_SPEED }).length < sample.length * WORTHWHILE;
}

/** Resolves when the stream is done with what it was given; also when it was destroyed, as it may never say so then. */
async function done(stream: Writable, give: (ready: () => void) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.once("close", resolve);
  give(resolve);
  await promise;
  stream.off("close", resolve);
}

function use(stream: Writable, chunk: Uint8Array): Promise<void> {
  return done(stream, (ready) => void stream.write(chunk, () => ready()));
}

/**
 * Takes a zlib stream in pieces and hands what was in it to a sink, one chunk after the other: however much a piece stands for,
 * only as much of it is unpacked as the sink has taken. Ends with exactly one of `finish` and `stop`.
 */
export class Inflation {
  readonly #inflate: Inflate;
  readonly #outputBytes: number;
  readonly #drained: Promise<void>;
  #received = 0;

  /** @param outputBytes maximum number of uncompressed bytes that the sink gets in one call */
  constructor(sink: Sink, outputBytes: number) {
    this.#outputBytes = Math.max(outputBytes, UNSHARED_BYTES);
    this.#inflate = createInflate({ chunkSize: this.#outputBytes });
    this.#drained = this.#drain(sink);
    // Told by the next call.
    this.#drained.catch(() => {});
  }

  /**
   * Resolves when the bytes were unpacked; the last chunks of it may still be with the sink.
   * @throws EngineError InvalidData; whatever the sink throws
   */
  async write(chunks: readonly Uint8Array[]): Promise<void> {
    for (const chunk of chunks) {
      this.#received += chunk.length;
      await use(this.#inflate, chunk);
      if (this.#inflate.destroyed) await this.#drained;
      // zlib ignores what follows its stream.
      if (this.#inflate.bytesWritten < this.#received) {
        throw new EngineError("InvalidData", "There are bytes behind the end of the compressed data");
      }
    }
  }

  /**
   * Resolves when the sink has taken everything.
   * @throws EngineError InvalidData when the stream is not at its end; whatever the sink throws
   */
  async finish(): Promise<void> {
    this.#inflate.end();
    await this.#drained;
  }

  /** Gives up. Resolves when the sink is idle. */
  async stop(): Promise<void> {
    this.#inflate.destroy();
    await this.#drained.catch(() => {});
  }

  async #drain(sink: Sink): Promise<void> {
    try {
      for await (const chunk of this.#inflate) {
        await sink([chunk]);
        releaseOutput(chunk, this.#outputBytes);
      }
    } catch (error) {
      throw toEngineError(error);
    }
  }
}
