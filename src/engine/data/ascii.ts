/** TYPE A on the wire: lines end in CRLF (RFC 959 section 3.1.1.1). Here they end in LF. */

const LF = 0x0a;
const CR = 0x0d;

/** LF to CRLF, in any cut of the input. A CRLF that is there already stays as it is. */
export class ToNetworkAscii {
  #previous = 0;

  convert(chunk: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = [];
    let start = 0;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) {
      if ((at === 0 ? this.#previous : chunk[at - 1]) === CR) continue;
      parts.push(chunk.subarray(start, at), CARRIAGE_RETURN);
      start = at;
    }
    this.#previous = chunk.at(-1) ?? this.#previous;
    parts.push(chunk.subarray(start));
    return parts.length === 1 ? chunk : Buffer.concat(parts);
  }
}

const CARRIAGE_RETURN = Uint8Array.of(CR);

/** CRLF to LF, in any cut of the input. A CR that no LF follows stays. */
export class FromNetworkAscii {
  #heldBack = false;

  convert(chunk: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = [];
    if (chunk.length === 0) return chunk;
    if (this.#heldBack && chunk[0] !== LF) parts.push(CARRIAGE_RETURN);
    this.#heldBack = chunk.at(-1) === CR;
    const end = chunk.length - (this.#heldBack ? 1 : 0);
    let start = 0;
    for (let at = chunk.indexOf(CR); at >= 0 && at < end; at = chunk.indexOf(CR, at + 1)) {
      if (chunk[at + 1] !== LF) continue;
      parts.push(chunk.subarray(start, at));
      start = at + 1;
    }
    parts.push(chunk.subarray(start, end));
    return Buffer.concat(parts);
  }

  /** What was held back, at the end of the input. */
  flush(): Uint8Array {
    const rest = this.#heldBack ? CARRIAGE_RETURN : new Uint8Array();
    this.#heldBack = false;
    return rest;
  }
}
