import type { Owner } from "../../common/fair-queue.ts";
import { CONVERTER_BYTES, type Encoding, isFrugal, outputBytesOf } from "./encoding.ts";
import { EngineError } from "../errors.ts";
import { UNSHARED_BYTES } from "../../common/buffer-memory.ts";

const MIB = 1024 * 1024;

/**
 * Size of one buffer in bytes while memory for large buffers is available. Transfers with buffers of this size were
 * five times as fast as transfers with 64 KiB buffers.
 */
export const LARGE_BUFFER = MIB;
/** Buffer size in bytes if no memory for large buffers is available, or if the transfer converts bytes. */
export const SMALL_BUFFER = CONVERTER_BYTES;
/** Buffer size in bytes if no memory for larger buffers is available. */
export const SMALLEST_BUFFER = 16 * 1024;
const SIZES = [LARGE_BUFFER, 256 * 1024, SMALL_BUFFER, SMALLEST_BUFFER];

/**
 * Maximum memory in bytes for all transfers and listings. The goal for the peak resident memory of an engine is 256
 * MiB. Node.js, sessions, TLS and garbage use the rest of this memory.
 */
export const TRANSFER_MEMORY = 54 * MIB;
/**
 * Maximum memory in bytes that all transfers and listings can occupy when the engine reserves memory for sorting or for
 * buffers larger than `SMALLEST_BUFFER`. The smallest buffers can use all of `TRANSFER_MEMORY`.
 */
export const LARGE_BUFFER_MEMORY = 16 * MIB;
/** Maximum shares of the memory limits that one user can use, so that memory remains for other users. */
const LARGE_BUFFER_SHARE = 2 / 3;
const TRANSFER_SHARE = 7 / 8;

/** Memory reservation. Disposing of the lease releases the memory. */
export interface Lease extends Disposable {
  /** Size of one buffer in bytes. */
  readonly bytes: number;
  /**
   * Reserves more memory.
   * @returns whether memory was available
   */
  readonly grow: (bytes: number) => boolean;
}

/** Returns the memory in bytes that a transfer needs with buffers of the given size. */
export type MemoryNeed = (bufferBytes: number) => number;

/**
 * Limits the memory that all transfers and listings use. A few transfers receive large buffers, and hundreds receive
 * small buffers. Further transfers are rejected.
 */
export class BufferBudget {
  #held = 0;
  readonly #byUser = new Map<string, number>();

  /** Number of reserved bytes. */
  get held(): number {
    return this.#held;
  }

  /**
   * Reserves memory for a transfer with the largest available buffers.
   * @param owner owner of the transfer, whose first group is the user
   * @param maxBytes maximum useful size of a buffer in bytes
   * @throws EngineError TooManyTransfers when no memory for the smallest buffers is available
   */
  lease([user = ""]: Owner, memoryOf: MemoryNeed, maxBytes = LARGE_BUFFER): Lease {
    const bytes =
      SIZES.find(
        (size) =>
          size <= maxBytes && this.#fits(user, memoryOf(size), LARGE_BUFFER_MEMORY, LARGE_BUFFER_SHARE),
      ) ?? SMALLEST_BUFFER;
    let held = memoryOf(bytes);
    if (!this.#fits(user, held, TRANSFER_MEMORY, TRANSFER_SHARE))
      throw new EngineError("TooManyTransfers", "Too many concurrent transfers; try again later");
    this.#change(user, held);
    return {
      bytes,
      grow: (more) => {
        if (!this.#fits(user, more, LARGE_BUFFER_MEMORY, LARGE_BUFFER_SHARE)) return false;
        held += more;
        this.#change(user, more);
        return true;
      },
      [Symbol.dispose]: () => {
        this.#change(user, -held);
        held = 0;
      },
    };
  }

  #fits(user: string, bytes: number, total: number, share: number): boolean {
    return this.#held + bytes <= total && (this.#byUser.get(user) ?? 0) + bytes <= total * share;
  }

  #change(user: string, bytes: number): void {
    this.#held += bytes;
    const left = (this.#byUser.get(user) ?? 0) + bytes;
    if (left > 0) this.#byUser.set(user, left);
    else this.#byUser.delete(user);
  }
}

/**
 * Memory in bytes that a compressor with default windows, a compressor with small windows, and a decompressor use (zlib
 * in Node.js 26).
 */
const DEFLATE = 270 * 1024;
const FRUGAL_DEFLATE = 104 * 1024;
const INFLATE = 48 * 1024;
/** Size in bytes of the compressed output that waits for the data connection. */
const DEFLATED = 2 * UNSHARED_BYTES;
/** Size in bytes of a chunk that a paused socket has already read. The size equals the read size of libuv. */
const READ_AHEAD = 64 * 1024;
/**
 * Memory in bytes for one listing to a slow client. This size includes one page as text and as bytes, its entries, and
 * garbage.
 */
const PAGE = 320 * 1024;

/** Returns the memory that a download needs for two alternating read buffers, the conversion of line ends, and zlib. */
export function downloadMemory({ ascii, deflateLevel }: Encoding): MemoryNeed {
  return (bytes) =>
    2 * bytes + (ascii ? outputBytesOf(bytes) : 0) + (deflateLevel === undefined ? 0 : deflateMemory(bytes));
}

/**
 * Returns the memory that an upload needs for chunks that wait or are being stored. Storing is slow if a bandwidth
 * limit applies or zlib decompresses chunks.
 */
export function uploadMemory({ deflateLevel }: Encoding, isLimited: boolean): MemoryNeed {
  const isSlow = isLimited || deflateLevel !== undefined;
  const inflate = deflateLevel === undefined ? 0 : INFLATE;
  return (bytes) =>
    bytes +
    (isSlow ? bytes + READ_AHEAD : 0) +
    inflate +
    (deflateLevel === undefined ? 0 : 2 * Math.max(outputBytesOf(bytes), UNSHARED_BYTES));
}

/**
 * Returns the memory that a listing needs for one page that is being sent and one page that is being built. Sorted
 * listings reserve additional memory for their names.
 */
export function listingMemory(
  { deflateLevel }: Pick<Encoding, "deflateLevel"> = { deflateLevel: undefined },
): MemoryNeed {
  return (bytes) => PAGE + (deflateLevel === undefined ? 0 : deflateMemory(bytes));
}

function deflateMemory(bytes: number): number {
  return DEFLATED + (isFrugal(bytes) ? FRUGAL_DEFLATE : DEFLATE);
}
