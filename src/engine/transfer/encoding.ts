import type { Pause } from "../../common/tick-budget.ts";
import { FromNetworkAscii, ToNetworkAscii } from "./ascii.ts";
import { deflated, Inflation } from "./deflate.ts";
import type { Sink } from "./receive.ts";

/** Maximum size of a converter's buffer, in bytes. Larger buffers do not make conversions faster. */
export const CONVERTER_BYTES = 64 * 1024;

/** How bytes look on the data connection: what TYPE and MODE say. */
export interface Encoding {
  /** TYPE A: lines end in CRLF. */
  ascii: boolean;
  /** MODE Z, and how hard it tries; undefined: MODE S. */
  deflateLevel: number | undefined;
}

/** Whether bytes go over the wire as they are stored. */
export function isPlain({ ascii, deflateLevel }: Encoding): boolean {
  return !ascii && deflateLevel === undefined;
}

/** Returns the size of a converter's output for a transfer with buffers of a size, in bytes. */
export function outputBytesOf(bufferBytes: number): number {
  return Math.min(CONVERTER_BYTES, bufferBytes);
}

/** Returns whether a transfer with buffers of a size compresses with small windows. */
export function isFrugal(bufferBytes: number): boolean {
  return bufferBytes < CONVERTER_BYTES;
}

/**
 * Converts stored bytes to their form on the wire, in chunks that are valid until the next one is requested. `bufferBytes`:
 * memory for buffers.
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

/** The way back. Ends with exactly one of `finish` and `stop`, whatever happens. */
export interface Decoder {
  write: Sink;
  /** Hands over what is left. @throws EngineError InvalidData when the bytes cannot be all */
  finish(): Promise<void>;
  /** Gives up. Resolves when the store is idle. */
  stop(): Promise<void>;
}

/**
 * Converts bytes from the wire in place and passes them to `store` in their stored form. `bufferBytes`: memory for one buffer.
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
