import { KERNEL_COPY_BYTES } from "../local/kernel-copy.ts";
import type { Upload } from "../storage.ts";
import { isBeside } from "./upload-beside.ts";
import type { SpaceLimit } from "./space-limit.ts";

/**
 * Returns the upload, which books the space for bytes before it writes them.
 * @param start offset of its first byte
 */
export function limitedUpload(handle: Upload, start: number, limit: SpaceLimit): Upload {
  const beside = isBeside(handle) ? handle : undefined;
  const space = beside ? new TemporaryFile(limit, start) : new GrowingFile(limit);
  let isFull = false;
  return {
    async write(chunks) {
      const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
      try {
        await limit.ensure(() => space.grow(bytes));
      } catch (error) {
        isFull = true;
        throw error;
      }
      await handle.write(chunks);
    },
    ...(handle.receiveFrom && {
      receiveFrom(socket) {
        // When space is short, `write` counts the volume before it rejects.
        if (!space.fits(KERNEL_COPY_BYTES)) return undefined;
        const received = handle.receiveFrom?.(socket);
        space.grow(received?.bytes ?? 0);
        return received;
      },
    }),
    ...(beside && {
      async place() {
        const now = await beside.place();
        return { ...now, keeps: now.keeps && !isFull };
      },
    }),
    async commit(around) {
      try {
        await handle.commit(around);
      } finally {
        space.end("Kept");
      }
    },
    async abort(rest) {
      // What did not fit would keep the volume full.
      const fate = isFull ? "Removed" : rest;
      try {
        await handle.abort(fate);
      } finally {
        space.end(fate ?? "Kept");
      }
    },
  };
}

/** Bytes that a file occupies while it is written, for each of its bytes. */
function spaceFactor({ preallocates }: SpaceLimit): number {
  return preallocates ? 2 : 1;
}

/** Space of a running upload. */
interface UploadSpace {
  fits(bytes: number): boolean;
  /** Books bytes if they fit. */
  grow(bytes: number): boolean;
  end(fate: "Kept" | "Removed"): void;
}

/** An upload to a temporary file, which a count of the volume leaves out. */
class TemporaryFile implements UploadSpace {
  readonly #limit: SpaceLimit;
  readonly #booked: { bytes: number };
  readonly #forget: () => void;

  constructor(limit: SpaceLimit, start: number) {
    this.#limit = limit;
    this.#booked = { bytes: start * spaceFactor(limit) };
    this.#forget = limit.usage.begin(this.#booked);
  }

  fits(bytes: number): boolean {
    return bytes * spaceFactor(this.#limit) <= this.#limit.available;
  }

  grow(bytes: number): boolean {
    const fits = this.fits(bytes);
    if (fits) this.#booked.bytes += bytes * spaceFactor(this.#limit);
    return fits;
  }

  end(fate: "Kept" | "Removed"): void {
    this.#forget();
    const bytes = this.#booked.bytes / spaceFactor(this.#limit);
    if (fate === "Kept") this.#limit.usage.change({ bytes, files: 0 });
  }
}

/** An upload to the file itself, which a count of the volume finds. */
class GrowingFile implements UploadSpace {
  readonly #limit: SpaceLimit;
  /** Space beyond the end of the file. */
  readonly #beyond = { bytes: 0 };
  readonly #forget: () => void;

  constructor(limit: SpaceLimit) {
    this.#limit = limit;
    this.#forget = limit.usage.begin(this.#beyond);
  }

  fits(bytes: number): boolean {
    return bytes * spaceFactor(this.#limit) <= this.#limit.available;
  }

  grow(bytes: number): boolean {
    const fits = this.fits(bytes);
    if (!fits) return false;
    this.#beyond.bytes += bytes * (spaceFactor(this.#limit) - 1);
    this.#limit.usage.change({ bytes, files: 0 });
    return true;
  }

  end(): void {
    this.#forget();
  }
}
