import { toEngineError } from "../../../errors.ts";
import type { Received, Upload } from "../../storage.ts";
import type { Reservation } from "../../usage/usage-ledger.ts";
import { KERNEL_COPY_BYTES } from "../system/kernel-copy.ts";
import type { OpenFile } from "../system/open-file.ts";
import type { UploadTarget } from "./upload-target.ts";

/** The open file of an upload, with its open directory. The upload reserves space before it writes bytes. */
export class UploadFile implements Pick<Upload, "write" | "receiveFrom"> {
  readonly reservation: Reservation | undefined;
  readonly #file: OpenFile;
  readonly #target: UploadTarget;
  readonly #isAppending: boolean;
  #position: number;

  /**
   * @param start offset of the first byte in bytes; undefined when each write goes to the end of the file (O_APPEND)
   */
  constructor(file: OpenFile, target: UploadTarget, reservation: Reservation | undefined, start?: number) {
    this.#file = file;
    this.#target = target;
    this.reservation = reservation;
    this.#isAppending = start === undefined;
    this.#position = start ?? 0;
  }

  /** Offset of the next byte. For an upload that appends, the number of bytes written so far. */
  get position(): number {
    return this.#position;
  }

  write(chunks: readonly Uint8Array[]): Promise<void> {
    return this.reservation === undefined ? this.#write(chunks) : this.#writeWithin(this.reservation, chunks);
  }

  receiveFrom(socket: number): Received | undefined {
    // splice(2) rejects files opened with O_APPEND. If space is insufficient, the engine uses `write`, which can wait
    // for a usage count.
    if (this.#isAppending || this.reservation?.fits(KERNEL_COPY_BYTES) === false) return undefined;
    const received = this.#file.receiveFrom(socket, this.#position);
    if (received === undefined) return undefined;
    this.#position += received.bytes;
    void this.reservation?.grow(received.bytes);
    return received;
  }

  chmod(mode: number): Promise<void> {
    return this.#file.chmod(mode);
  }

  truncate(bytes: number): Promise<void> {
    return this.#file.truncate(bytes);
  }

  /** Returns the number of hard links to the file. */
  async links(): Promise<number> {
    return (await this.#file.stat()).nlink;
  }

  /**
   * Synchronizes the file to the disk. A file must not receive its final name while a crash could still destroy part of
   * its data.
   */
  datasync(): Promise<void> {
    return this.#file.datasync();
  }

  /** Closes the file and its directory. Never rejects. */
  async close(): Promise<void> {
    await Promise.allSettled([this.#file.close(), this.#target.parent.close()]);
  }

  async #writeWithin(reservation: Reservation, chunks: readonly Uint8Array[]): Promise<void> {
    const reserved = reservation.grow(chunks.reduce((sum, { length }) => sum + length, 0));
    if (reserved !== undefined) await reserved;
    await this.#write(chunks);
  }

  async #write(chunks: readonly Uint8Array[]): Promise<void> {
    let rest = chunks.filter((chunk) => chunk.length > 0);
    try {
      while (rest.length > 0) {
        const written = await this.#file.write(rest, this.#isAppending ? undefined : this.#position);
        this.#position += written;
        rest = dropBytes(rest, written);
      }
    } catch (error) {
      throw toEngineError(error);
    }
  }
}

/** Returns the chunks without the first `count` bytes. */
function dropBytes(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  let skip = count;
  return chunks.flatMap((chunk) => {
    const taken = Math.min(skip, chunk.length);
    skip -= taken;
    return taken === chunk.length ? [] : [chunk.subarray(taken)];
  });
}
