import type { Pause } from "../../common/tick-budget.ts";
import { FromNetworkAscii, ToNetworkAscii } from "./ascii.ts";
import { deflated, Inflation } from "./deflate.ts";
import type { Sink } from "./receive.ts";

/** Maximum size of a converter's buffer, in bytes. Larger buffers do not make conversions faster. */
export const CONVERTER_BYTES = 64 * 1024;

/** Representation of bytes on the data connection, from TYPE and MODE. */
export interface Encoding {
  /** TYPE A: lines end in CRLF. */
  ascii: boolean;
  /** Compression level of MODE Z; undefined: MODE S. */
  deflateLevel: number | undefined;
}

/** Returns whether bytes are the same on the wire and in files. */
export function isPlain({ ascii, deflateLevel }: Encoding): boolean {
  return !ascii && deflateLevel === undefined;
}

/** Returns the size of the output buffer of a conversion in bytes. @param bufferBytes size of the buffers of the transfer */
export function outputBytesOf(bufferBytes: number): number {
  return Math.min(CONVERTER_BYTES, bufferBytes);
}

/** Returns whether a transfer with these buffers compresses with small windows. */
export function isFrugal(bufferBytes: number): boolean {
  return bufferBytes < CONVERTER_BYTES;
}

/**
 * Yields stored bytes in their form on the wire. A chunk is valid until the next one is requested.
 * @param bufferBytes size of the buffers of the transfer
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

/** Converts bytes from the wire to their stored form. Ends with exactly one call of `finish` or `stop`. */
export interface Decoder {
  write: Sink;
  /** Stores the remaining bytes. @throws EngineError InvalidData when the input is incomplete */
  finish(): Promise<void>;
  /** Cancels the conversion. Resolves when the sink is idle. */
  stop(): Promise<void>;
}

/**
 * Returns a decoder that converts bytes in place and passes them to `store`.
 * @param bufferBytes size of one buffer of the transfer
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
