/** Conversion for MODE Z: a transfer is one zlib stream on the wire (draft-preston-ftpext-deflate). */
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
/** Number of bytes of a chunk that are compressed as a sample. */
const SAMPLE = 4096;
/** Size of one output buffer in bytes. */
const OUTPUT_BYTES = UNSHARED_BYTES;
/** Maximum relative size of a compressed sample for which compression is used. */
const WORTHWHILE = 0.95;

/** Small windows: 32 KiB for each stream instead of 256 KiB. They find most repetitions. */
const FRUGAL: ZlibOptions = { windowBits: 12, memLevel: 5 };

/**
 * Yields the compressed chunks. Consumes each input chunk before it requests the next one.
 * @param level from 0 (no compression) to 9 (maximum)
 * @param frugal whether to use small windows
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
    // The file of the chunks can be closed after this generator has ended.
    await feeding;
  }
}

async function feed(chunks: AsyncIterable<Uint8Array>, into: Deflate, level: number): Promise<void> {
  let current = level;
  for await (const chunk of chunks) {
    if (into.destroyed) return;
    const desired = isCompressible(chunk) ? level : Z_NO_COMPRESSION;
    if (desired !== current)
      await processed(into, (ready) => into.params(desired, Z_DEFAULT_STRATEGY, ready));
    current = desired;
    await write(into, chunk);
  }
  into.end();
}

/**
 * Returns whether a sample from the middle of the chunk can be compressed. Compression of images or archives takes 20 times as long
 * as no compression, and does not reduce their size.
 */
function isCompressible(chunk: Uint8Array): boolean {
  const middle = Math.max(0, (chunk.length - SAMPLE) >> 1);
  const sample = chunk.subarray(middle, middle + SAMPLE);
  return deflateRawSync(sample, { ...FRUGAL, level: Z_BEST_SPEED }).length < sample.length * WORTHWHILE;
}

/** Resolves when the stream has processed its input, or when it is destroyed, because it can omit its callback then. */
async function processed(stream: Writable, start: (ready: () => void) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.once("close", resolve);
  start(resolve);
  await promise;
  stream.off("close", resolve);
}

function write(stream: Writable, chunk: Uint8Array): Promise<void> {
  return processed(stream, (ready) => void stream.write(chunk, () => ready()));
}

/**
 * Decompresses a zlib stream into a sink, one chunk after the other. Decompresses a chunk only after the sink has stored the one
 * before it. Ends with exactly one call of `finish` or `stop`.
 */
export class Inflation {
  readonly #inflate: Inflate;
  readonly #outputBytes: number;
  readonly #drained: Promise<void>;
  #received = 0;

  /** @param outputBytes maximum number of decompressed bytes in one call of the sink */
  constructor(sink: Sink, outputBytes: number) {
    this.#outputBytes = Math.max(outputBytes, UNSHARED_BYTES);
    this.#inflate = createInflate({ chunkSize: this.#outputBytes });
    this.#drained = this.#drain(sink);
    // The next call of a method reports the error.
    this.#drained.catch(() => {});
  }

  /**
   * Resolves when the bytes are decompressed. The sink can still be storing the last chunks.
   * @throws EngineError InvalidData; errors of the sink
   */
  async write(chunks: readonly Uint8Array[]): Promise<void> {
    for (const chunk of chunks) {
      this.#received += chunk.length;
      await write(this.#inflate, chunk);
      if (this.#inflate.destroyed) await this.#drained;
      // zlib ignores bytes after the end of its stream.
      if (this.#inflate.bytesWritten < this.#received) {
        throw new EngineError("InvalidData", "Unexpected bytes after the end of the compressed data");
      }
    }
  }

  /**
   * Resolves when the sink has stored everything.
   * @throws EngineError InvalidData when the stream is incomplete; errors of the sink
   */
  async finish(): Promise<void> {
    this.#inflate.end();
    await this.#drained;
  }

  /** Stops the decompression. Resolves when the sink is idle. */
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
