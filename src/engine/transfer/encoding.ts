import type { Pause } from "../../common/tick-budget.ts";
import { FromNetworkAscii, ToNetworkAscii } from "./ascii.ts";
import { deflated, Inflation } from "./deflate.ts";
import type { Sink } from "./receive.ts";

/** Maximum size of a conversion buffer in bytes. Larger buffers do not increase the conversion speed. */
export const CONVERTER_BYTES = 64 * 1024;

/** Representation of bytes on the data connection, which the client selects with TYPE and MODE. */
export interface Encoding {
  /** Whether lines end with CRLF (TYPE A). */
  ascii: boolean;
  /** Compression level in MODE Z, or undefined in MODE S. */
  deflateLevel: number | undefined;
}

/** Returns whether the bytes on the data connection are identical to the stored bytes. */
export function isPlain({ ascii, deflateLevel }: Encoding): boolean {
  return !ascii && deflateLevel === undefined;
}

/**
 * Returns the size of the conversion output buffer in bytes.
 * @param bufferBytes buffer size of the transfer in bytes
 */
export function outputBytesOf(bufferBytes: number): number {
  return Math.min(CONVERTER_BYTES, bufferBytes);
}

/** Returns whether a transfer with the given buffer size uses small windows for compression. */
export function isFrugal(bufferBytes: number): boolean {
  return bufferBytes < CONVERTER_BYTES;
}

/**
 * Converts stored bytes to their representation on the data connection. Each chunk is valid only until the consumer
 * requests the next chunk.
 * @param bufferBytes buffer size of the transfer in bytes
 */
export function encode(
  chunks: AsyncIterable<Uint8Array>,
  { ascii, deflateLevel }: Encoding,
  bufferBytes: number,
  pause: Pause,
): AsyncIterable<Uint8Array> {
  const lines = ascii ? toNetwork(chunks, outputBytesOf(bufferBytes), pause) : chunks;
  return deflateLevel === undefined ? lines : deflated(lines, deflateLevel, isFrugal(bufferBytes));
}

async function* toNetwork(
  chunks: AsyncIterable<Uint8Array>,
  outputBytes: number,
  pause: Pause,
): AsyncGenerator<Uint8Array> {
  const ascii = new ToNetworkAscii(outputBytes);
  for await (const chunk of chunks) {
    for (const piece of ascii.convert(chunk)) {
      yield piece;
      await pause();
    }
  }
}

/**
 * Converts received bytes to the bytes that the engine stores. Each conversion ends with exactly one call to `finish`
 * or `stop`.
 */
export interface Decoder {
  write: Sink;
  /**
   * Stores the remaining bytes.
   * @throws EngineError InvalidData when the input is incomplete
   */
  finish(): Promise<void>;
  /** Cancels the conversion. Resolves when the sink is idle. */
  stop(): Promise<void>;
}

/**
 * Returns a decoder that converts bytes in place, and passes the result to `store`.
 * @param bufferBytes buffer size of the transfer in bytes
 */
export function createDecoder(
  { ascii, deflateLevel }: Encoding,
  store: Sink,
  bufferBytes: number,
  pause: Pause,
): Decoder {
  const lines = ascii ? asciiDecoder(store, pause) : { write: store, finish: nothing };
  if (deflateLevel === undefined) return { ...lines, stop: nothing };
  const inflation = new Inflation(lines.write, outputBytesOf(bufferBytes));
  return {
    write: (chunks) => inflation.write(chunks),
    async finish() {
      await inflation.finish();
      await lines.finish();
    },
    stop: () => inflation.stop(),
  };
}

function asciiDecoder(store: Sink, pause: Pause): Omit<Decoder, "stop"> {
  const converter = new FromNetworkAscii();
  return {
    async write(chunks) {
      const converted: Uint8Array[] = [];
      for (const chunk of chunks) {
        for (let start = 0; start < chunk.length; start += CONVERTER_BYTES) {
          converter.convert(chunk.subarray(start, start + CONVERTER_BYTES), converted);
          await pause();
        }
      }
      await store(converted);
    },
    finish: () => store([converter.flush()]),
  };
}

const nothing = async (): Promise<void> => {};
