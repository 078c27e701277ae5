import type { Owner } from "../../common/fair-queue.ts";
import { CONVERTER_BYTES, type Encoding, isFrugal, outputBytesOf } from "./encoding.ts";
import { EngineError } from "../errors.ts";
import { UNSHARED_BYTES } from "../../common/buffer-memory.ts";

const MIB = 1024 * 1024;

/** The size of one buffer while memory is plentiful, in bytes. Measured: five times as fast as 64 KiB. */
export const LARGE_BUFFER = MIB;
/** The size when no large buffers are left, and for all transfers that convert bytes, which larger buffers do not speed up. */
export const SMALL_BUFFER = CONVERTER_BYTES;
/** The size when nothing else is left. */
export const SMALLEST_BUFFER = 16 * 1024;
const SIZES = [LARGE_BUFFER, 256 * 1024, SMALL_BUFFER, SMALLEST_BUFFER];

/** Maximum memory of all transfers and listings together, in bytes. The rest of 256 MiB is for Node, sessions, TLS and garbage. */
export const TRANSFER_MEMORY = 54 * MIB;
/** Part of it for large buffers and sorted listings, in bytes. The smallest buffers can use all of the memory. */
export const LARGE_BUFFER_MEMORY = 16 * MIB;
/** Maximum share of one user in both, so that memory is left for other users. */
const COMFORT_SHARE = 2 / 3;
const TRANSFER_SHARE = 7 / 8;

/** A claim to memory, released when it is disposed. */
export interface Lease extends Disposable {
  /** The size of one buffer. */
  readonly bytes: number;
  /** Claims more memory. @returns whether memory was available */
  readonly grow: (bytes: number) => boolean;
}

/** Memory of a transfer with buffers of a given size, in bytes. */
export type MemoryNeed = (bufferBytes: number) => number;

/** Limits the memory of all transfers. A few get large buffers, hundreds get small ones, and more than that are rejected. */
export class BufferBudget {
  #held = 0;
  readonly #byUser = new Map<string, number>();

  /** Bytes that are claimed now. */
  get held(): number {
    return this.#held;
  }

  /**
   * @param owner of which the first group, the user, shares the memory with others
   * @param maxBytes the largest useful buffer
   * @throws EngineError TooManyTransfers when there is not even memory for the smallest buffers
   */
  lease([user = ""]: Owner, memoryOf: MemoryNeed, maxBytes = LARGE_BUFFER): Lease {
    const bytes =
      SIZES.find(
        (size) => size <= maxBytes && this.#fits(user, memoryOf(size), LARGE_BUFFER_MEMORY, COMFORT_SHARE),
      ) ?? SMALLEST_BUFFER;
    let held = memoryOf(bytes);
    if (!this.#fits(user, held, TRANSFER_MEMORY, TRANSFER_SHARE))
      throw new EngineError("TooManyTransfers", "Too many transfers at the moment; try again later");
    this.#change(user, held);
    return {
      bytes,
      grow: (more) => {
        if (!this.#fits(user, more, LARGE_BUFFER_MEMORY, COMFORT_SHARE)) return false;
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

/** A compressor with default and with small windows, and one that decompresses, in bytes (zlib of Node 26). */
const DEFLATE = 270 * 1024;
const FRUGAL_DEFLATE = 104 * 1024;
const INFLATE = 48 * 1024;
/** Compressed output that the connection has not accepted yet, in bytes. */
const DEFLATED = 2 * UNSHARED_BYTES;
/** A chunk that the socket read although it was paused, in bytes: the read size of libuv. */
const READ_AHEAD = 64 * 1024;
/** Memory of one listing for a slow client, in bytes: a page as text and as bytes, entries, and garbage of both. */
const PAGE = 320 * 1024;

/** Two alternating read buffers, one for lines, and zlib. */
export function downloadMemory({ ascii, deflateLevel }: Encoding): MemoryNeed {
  return (bytes) =>
    2 * bytes + (ascii ? outputBytesOf(bytes) : 0) + (deflateLevel === undefined ? 0 : deflateMemory(bytes));
}

/**
 * Waiting chunks, and chunks that are being stored. The latter take long when the rate is limited, or when zlib decompresses them
 * to more data.
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

/** A page that is sent and one that is built. Memory for sorted names is claimed separately. */
export function listingMemory(
  { deflateLevel }: Pick<Encoding, "deflateLevel"> = { deflateLevel: undefined },
): MemoryNeed {
  return (bytes) => PAGE + (deflateLevel === undefined ? 0 : deflateMemory(bytes));
}

function deflateMemory(bytes: number): number {
  return DEFLATED + (isFrugal(bytes) ? FRUGAL_DEFLATE : DEFLATE);
}
