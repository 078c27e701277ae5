/** The size of one buffer while memory is plentiful, in bytes. Measured: five times as fast as 64 KiB. */
export const LARGE_BUFFER = 1024 * 1024;
/** The size once the large ones are given out. */
export const SMALL_BUFFER = 64 * 1024;
/** How many bytes all large buffers together may have. */
export const LARGE_BUFFERS_BYTES = 64 * 1024 * 1024;

/** A claim to buffers of a size; given back once, when the transfer ends. */
export interface Lease {
  readonly bytes: number;
  release(): void;
}

/** Keeps the memory of all transfers together small: few of them get large buffers, a thousand get small ones. */
export class BufferBudget {
  #large = 0;

  lease(): Lease {
    if (this.#large + LARGE_BUFFER > LARGE_BUFFERS_BYTES) return { bytes: SMALL_BUFFER, release: () => {} };
    this.#large += LARGE_BUFFER;
    let held = LARGE_BUFFER;
    return {
      bytes: LARGE_BUFFER,
      release: () => {
        this.#large -= held;
        held = 0;
      },
    };
  }
}
