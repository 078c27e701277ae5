/** Conversion for MODE Z. Each transfer consists of one zlib stream (draft-preston-ftpext-deflate). */
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
/** Size in bytes of the sample that the engine compresses to test whether a chunk is compressible. */
const SAMPLE = 4096;
/** Size of one output buffer in bytes. */
const OUTPUT_BYTES = UNSHARED_BYTES;
/** Maximum ratio of the compressed sample size to the original sample size at which the engine compresses a chunk. */
const WORTHWHILE = 0.95;

/**
 * Options for small windows, which use 32 KiB per stream instead of 256 KiB. Compression with small windows still finds
 * most repetitions.
 */
const FRUGAL: ZlibOptions = { windowBits: 12, memLevel: 5 };

/**
 * Yields the compressed chunks. Consumes each input chunk before it requests the next chunk.
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
    // After this generator has ended, the calling function can close the file that provides the chunks.
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
    // A destroyed stream can still read the chunk on another thread. The source frees the chunk when the next chunk is
    // requested.
    if (into.destroyed) return;
  }
  into.end();
}

/**
 * Returns whether a sample from the middle of the chunk is compressible. Compression of images or archives takes 20
 * times as long as a transfer without compression, and does not reduce their size.
 */
function isCompressible(chunk: Uint8Array): boolean {
  const middle = Math.max(0, (chunk.length - SAMPLE) >> 1);
  const sample = chunk.subarray(middle, middle + SAMPLE);
  return deflateRawSync(sample, { ...FRUGAL, level: Z_BEST_SPEED }).length < sample.length * WORTHWHILE;
}

/**
 * Resolves when the stream has processed its input or is destroyed. A destroyed stream does not always call the
 * callback.
 */
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
 * Decompresses a zlib stream into a sink, one chunk at a time. The decompressor processes a chunk only after the sink
 * has stored the previous chunk. Each stream ends with exactly one call to `finish` or `stop`.
 */
export class Inflation {
  readonly #inflate: Inflate;
  readonly #outputBytes: number;
  readonly #drained: Promise<void>;
  #received = 0;

  /** @param outputBytes maximum number of decompressed bytes per call to the sink */
  constructor(sink: Sink, outputBytes: number) {
    this.#outputBytes = Math.max(outputBytes, UNSHARED_BYTES);
    this.#inflate = createInflate({ chunkSize: this.#outputBytes });
    this.#drained = this.#drain(sink);
    // The next method call reports the error.
    this.#drained.catch(() => {});
  }

  /**
   * Resolves when the stream has decompressed the bytes. At this time, the sink can still be storing the last chunks.
   * @throws EngineError InvalidData, or an error from the sink
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
   * Resolves when the sink has stored all bytes.
   * @throws EngineError InvalidData when the stream is incomplete, or an error from the sink
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
