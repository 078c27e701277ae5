/**
 * TYPE A on the wire: lines end in CRLF (RFC 959 section 3.1.1.1). Here they end in LF. Both directions convert byte by byte in
 * existing memory, so that no input is slower than another or creates garbage: about 0.8 GB/s for text and for a file of only
 * line feeds. Slices and `Buffer.concat` reached 0.4 and 0.005 GB/s.
 */

const LF = 0x0a;
const CR = 0x0d;
const CARRIAGE_RETURN = Buffer.of(CR);
const EMPTY = Buffer.alloc(0);

/** Converts LF to CRLF, in input chunks of any size. An existing CRLF does not change. */
export class ToNetworkAscii {
  #previous = 0;
  #output = EMPTY;
  readonly #outputBytes: number;

  /** @param outputBytes size of the one output buffer, at least 2; it is allocated when it is first needed */
  constructor(outputBytes: number) {
    this.#outputBytes = outputBytes;
  }

  /** Yields the converted chunk in pieces of the output buffer. Each is valid until the next is asked for; all must be asked for. */
  *convert(chunk: Uint8Array): Generator<Uint8Array> {
    if (!chunk.includes(LF)) {
      this.#previous = chunk.at(-1) ?? this.#previous;
      yield chunk;
      return;
    }
    if (this.#output.length === 0) this.#output = Buffer.allocUnsafeSlow(this.#outputBytes);
    // Line feeds alone become twice as long.
    const pieceBytes = this.#outputBytes >> 1;
    for (let start = 0; start < chunk.length; start += pieceBytes)
      yield this.#output.subarray(0, this.#fill(chunk, start, Math.min(chunk.length, start + pieceBytes)));
  }

  /** @returns the number of bytes of output */
  #fill(chunk: Uint8Array, start: number, end: number): number {
    const output = this.#output;
    let previous = this.#previous;
    let length = 0;
    for (let at = start; at < end; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === LF && previous !== CR) output[length++] = CR;
      output[length++] = byte;
      previous = byte;
    }
    this.#previous = previous;
    return length;
  }
}

/** Converts CRLF to LF, in input chunks of any size. A CR that no LF follows stays. */
export class FromNetworkAscii {
  #heldBack = false;

  /**
   * Converts a chunk in its own memory, which must be the caller's.
   * @param into gets the result, in at most two parts
   */
  convert(chunk: Uint8Array, into: Uint8Array[]): void {
    if (chunk.length === 0) return;
    if (this.#heldBack && chunk[0] !== LF) into.push(CARRIAGE_RETURN);
    this.#heldBack = chunk.at(-1) === CR;
    const end = chunk.length - (this.#heldBack ? 1 : 0);
    const first = chunk.indexOf(CR);
    const length = first < 0 ? end : compact(chunk, first, end);
    if (length > 0) into.push(length === chunk.length ? chunk : chunk.subarray(0, length));
  }

  /** Returns the CR that was held back, at the end of the input. */
  flush(): Uint8Array {
    const rest = this.#heldBack ? CARRIAGE_RETURN : EMPTY;
    this.#heldBack = false;
    return rest;
  }
}

/** Moves the bytes from `start` to `end` together over each CR that is before an LF. @returns where they end now */
function compact(chunk: Uint8Array, start: number, end: number): number {
  let length = start;
  for (let at = start; at < end; at++) {
    const byte = chunk[at] ?? 0;
    if (byte === CR && chunk[at + 1] === LF) continue;
    chunk[length++] = byte;
  }
  return length;
}
