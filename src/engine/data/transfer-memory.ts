/** How much memory a transfer holds, whatever its bytes are. Measured where it is Node's or zlib's: see the comments. */
import type { MemoryOf } from "./buffer-budget.ts";
import { UNSHARED_BYTES } from "./memory.ts";
import { type Encoding, isFrugal, outputBytesOf } from "./encoding.ts";

const KIB = 1024;

/** A compressor with default and with small windows, and one that decompresses, in bytes (zlib of Node 26). */
const DEFLATE = 270 * KIB;
const FRUGAL_DEFLATE = 104 * KIB;
const INFLATE = 48 * KIB;
/** What zlib has compressed and the connection has not taken yet, in bytes. */
const DEFLATED = 2 * UNSHARED_BYTES;
/** A chunk that the socket read although it was paused, in bytes: libuv reads so many at once. */
const READ_AHEAD = 64 * KIB;
/** What one listing for a slow client adds to the process, in bytes: a page as text and as bytes, entries, and garbage of both. */
const PAGE = 320 * KIB;

/** Two buffers that are read into in turns, one for lines, and zlib. */
export function downloadMemory({ ascii, deflateLevel }: Encoding): MemoryOf {
  return (bytes) =>
    2 * bytes + (ascii ? outputBytesOf(bytes) : 0) + (deflateLevel === undefined ? 0 : deflateMemory(bytes));
}

/** Chunks that wait. Others are being stored: these wait for long where the rate is limited, or zlib has more in them. */
export function uploadMemory({ deflateLevel }: Encoding, isLimited: boolean): MemoryOf {
  const isSlow = isLimited || deflateLevel !== undefined;
  const inflate = deflateLevel === undefined ? 0 : INFLATE;
  return (bytes) =>
    bytes +
    (isSlow ? bytes + READ_AHEAD : 0) +
    inflate +
    (deflateLevel === undefined ? 0 : 2 * Math.max(outputBytesOf(bytes), UNSHARED_BYTES));
}

/** A page that is sent and one that is made; names to sort are claimed when there are some. */
export function listingMemory(
  { deflateLevel }: Pick<Encoding, "deflateLevel"> = { deflateLevel: undefined },
): MemoryOf {
  return (bytes) => PAGE + (deflateLevel === undefined ? 0 : deflateMemory(bytes));
}

function deflateMemory(bytes: number): number {
  return DEFLATED + (isFrugal(bytes) ? FRUGAL_DEFLATE : DEFLATE);
}
