/** Maximum memory of a transfer, for any content. Memory of Node and zlib is measured: see the comments. */
import type { MemoryOf } from "./buffer-budget.ts";
import { UNSHARED_BYTES } from "./memory.ts";
import { type Encoding, isFrugal, outputBytesOf } from "./encoding.ts";

const KIB = 1024;

/** A compressor with default and with small windows, and one that decompresses, in bytes (zlib of Node 26). */
const DEFLATE = 270 * KIB;
const FRUGAL_DEFLATE = 104 * KIB;
const INFLATE = 48 * KIB;
/** Compressed output that the connection has not accepted yet, in bytes. */
const DEFLATED = 2 * UNSHARED_BYTES;
/** A chunk that the socket read although it was paused, in bytes: the read size of libuv. */
const READ_AHEAD = 64 * KIB;
/** Memory of one listing for a slow client, in bytes: a page as text and as bytes, entries, and garbage of both. */
const PAGE = 320 * KIB;

/** Two alternating read buffers, one for lines, and zlib. */
export function downloadMemory({ ascii, deflateLevel }: Encoding): MemoryOf {
  return (bytes) =>
    2 * bytes + (ascii ? outputBytesOf(bytes) : 0) + (deflateLevel === undefined ? 0 : deflateMemory(bytes));
}

/**
 * Waiting chunks, and chunks that are being stored. The latter take long when the rate is limited, or when zlib decompresses them
 * to more data.
 */
export function uploadMemory({ deflateLevel }: Encoding, isLimited: boolean): MemoryOf {
  const isSlow = isLimited || deflateLevel !== undefined;
  const inflate = deflateLevel === undefined ? 0 : INFLATE;
  return (bytes) =>
    bytes +
    (isSlow ? bytes + READ_AHEAD : 0) +
    inflate +
    (deflateLevel === undefined ? 0 : 2 * Math.max(outputBytesOf(bytes), UNSHARED_BYTES));
}

/** A page that is sent and one that is built. Memory for sorted names is claimed separately. */
export function listingMemory(
  { deflateLevel }: Pick<Encoding, "deflateLevel"> = { deflateLevel: undefined },
): MemoryOf {
  return (bytes) => PAGE + (deflateLevel === undefined ? 0 : deflateMemory(bytes));
}

function deflateMemory(bytes: number): number {
  return DEFLATED + (isFrugal(bytes) ? FRUGAL_DEFLATE : DEFLATE);
}
