/** MODE Z on the wire: the bytes of a transfer as one zlib stream (draft-preston-ftpext-deflate). */
import type { Writable } from "node:stream";
import { createDeflate, createInflate, type ZlibOptions } from "node:zlib";
import { EngineError, toEngineError } from "../errors.ts";
import type { Sink } from "./receive.ts";

export const DEFAULT_DEFLATE_LEVEL = 6;

/** 32 KiB for each stream instead of 256: windows this small still find most of what repeats. */
const FRUGAL: ZlibOptions = { windowBits: 12, memLevel: 5 };
/** Bytes of uncompressed data that are written in one go. */
const OUTPUT_CHUNK = 64 * 1024;

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
  const deflate = createDeflate({ level, ...(frugal ? FRUGAL : {}) });
  const feeding = feed(chunks, deflate).catch((error: unknown) => void deflate.destroy(toEngineError(error)));
  try {
    for await (const chunk of deflate) yield chunk;
  } finally {
    deflate.destroy();
    // Whoever owns the chunks may close their file next.
    await feeding;
  }
}

async function feed(chunks: AsyncIterable<Uint8Array>, into: Writable): Promise<void> {
  for await (const chunk of chunks) {
    await use(into, chunk);
    if (into.destroyed) return;
  }
  into.end();
}

/** Resolves when the stream has used the chunk up, or was destroyed: then it may never say so. */
async function use(stream: Writable, chunk: Uint8Array): Promise<void> {
  const { promise: used, resolve } = Promise.withResolvers<void>();
  stream.once("close", resolve);
  stream.write(chunk, () => resolve());
  await used;
  stream.off("close", resolve);
}

/**
 * Takes a zlib stream in pieces and hands what was in it to a sink, one chunk after the other: however much a piece stands for,
 * only as much of it is unpacked as the sink has taken. Ends with exactly one of `finish` and `stop`.
 */
export class Inflation {
  readonly #inflate = createInflate({ chunkSize: OUTPUT_CHUNK });
  readonly #drained: Promise<void>;
  #received = 0;

  constructor(sink: Sink) {
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
      for await (const chunk of this.#inflate) await sink([chunk]);
    } catch (error) {
      throw toEngineError(error);
    }
  }
}
