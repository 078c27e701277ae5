const HEADER_BYTES = 5;
/** The longest alert, padded as Java pads all of its records (RFC 8446 section 5.4). */
const SHORT_RECORD_BYTES = 64;

/** Follows the records of TLS (RFC 8446 section 5.1) through a stream in any cut, without knowing what is in them. */
export class RecordCutter {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  /** Bytes of the header that are there. */
  #known = 0;
  /** Bytes of the record that are still to come, once the header is known. */
  #left = 0;

  /** Whether the stream is between two records. */
  get isBetween(): boolean {
    return this.#known === 0;
  }

  /** The bytes in pieces, so that whatever belongs to a short record is apart from what is before and behind it. */
  cut(bytes: Buffer): Buffer[] {
    const pieces: Buffer[] = [];
    let start = 0;
    const cutAt = (end: number): void => {
      if (end > start) pieces.push(bytes.subarray(start, end));
      start = end;
    };
    for (let at = 0; at < bytes.length; ) {
      const began = at;
      if (this.#known < HEADER_BYTES) {
        at += this.#takeHeader(bytes.subarray(at));
        // Of a header in parts nobody knows yet.
        if (this.#known < HEADER_BYTES || this.#isShort) cutAt(began);
        if (this.#known < HEADER_BYTES) break;
      }
      const taken = Math.min(this.#left, bytes.length - at);
      this.#left -= taken;
      at += taken;
      if (this.#left > 0) break;
      this.#known = 0;
      if (this.#isShort) cutAt(at);
    }
    cutAt(bytes.length);
    return pieces;
  }

  get #isShort(): boolean {
    return this.#header.readUInt16BE(3) <= SHORT_RECORD_BYTES;
  }

  /** @returns bytes that it took */
  #takeHeader(bytes: Buffer): number {
    const taken = bytes.copy(this.#header, this.#known, 0, HEADER_BYTES - this.#known);
    this.#known += taken;
    if (this.#known === HEADER_BYTES) this.#left = this.#header.readUInt16BE(3);
    return taken;
  }
}
