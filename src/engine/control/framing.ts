/** One line of the control connection, without its end. */
export type InputLine =
  | { type: "Line"; text: string }
  /** Longer than the limit; the rest up to the line's end was skipped. */
  | { type: "TooLong" }
  | { type: "NotUtf8" };

const LF = 0x0a;
const CR = 0x0d;
// Telnet (RFC 854); everything from SE (240) up is a command when it follows IAC.
const SE = 240;
const SB = 250;
const WILL = 251;
const IAC = 255;

type Telnet = "Data" | "Iac" | "Option" | "Subnegotiation" | "SubnegotiationIac";

const FIRST_LINE_BYTES = 64;
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Bytes in, lines out (RFC 959 section 5.3.1). Lines end in CRLF, or in LF alone. Telnet commands are dropped and never
 * answered. Knows no socket; takes the input in any cut. Holds the pushed bytes that `next` was not asked for, and one line.
 */
export class LineFramer {
  readonly #maxBytes: number;
  /** Grows with the lines, as most clients never send a long one and idle sessions shall be cheap. */
  #line = Buffer.alloc(FIRST_LINE_BYTES);
  #length = 0;
  #overlong = false;
  /** The last byte was the CR of an ABOR line, which ended it; an LF now belongs to it. */
  #abortEnded = false;
  #telnet: Telnet = "Data";
  #input: Uint8Array = new Uint8Array();
  #position = 0;

  /** @param maxBytes of the longest line, its end included */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Adds received bytes. They are not copied until they are read. */
  push(bytes: Uint8Array): void {
    const rest = this.#input.subarray(this.#position);
    this.#input = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    this.#position = 0;
  }

  /** Whether bytes were pushed that are no part of a line taken yet. */
  get pending(): boolean {
    return this.#position < this.#input.length || this.#length > 0;
  }

  /** The next whole line, or undefined when more bytes are needed. */
  next(): InputLine | undefined {
    while (this.#position < this.#input.length) {
      const byte = this.#input[this.#position++] ?? 0;
      if (this.#isTelnet(byte)) continue;
      const abortEnded = this.#abortEnded;
      this.#abortEnded = false;
      if (abortEnded && byte === LF) continue;
      if (byte === CR && this.#isAbort()) {
        this.#abortEnded = true;
        return this.#finish();
      }
      if (byte === LF) return this.#finish();
      if (this.#length >= this.#maxBytes - 1) this.#overlong = true;
      else this.#keep(byte);
    }
    return undefined;
  }

  #keep(byte: number): void {
    if (this.#length === this.#line.length) {
      const longer = Buffer.alloc(Math.min(2 * this.#length, this.#maxBytes));
      this.#line.copy(longer);
      this.#line = longer;
    }
    this.#line[this.#length++] = byte;
  }

  /** Python's ftplib sends the whole ABOR line as urgent data: the kernel takes its LF out, and no other byte follows. */
  #isAbort(): boolean {
    return this.#length === 4 && this.#line.toString("latin1", 0, 4).toUpperCase() === "ABOR";
  }

  #finish(): InputLine {
    const line = this.#line.subarray(0, this.#length);
    const overlong = this.#overlong;
    this.#length = 0;
    this.#overlong = false;
    if (overlong) return { type: "TooLong" };
    try {
      return { type: "Line", text: UTF8.decode(line.at(-1) === CR ? line.subarray(0, -1) : line) };
    } catch {
      return { type: "NotUtf8" };
    }
  }

  /** Follows Telnet's commands; true when the byte belongs to one. */
  #isTelnet(byte: number): boolean {
    switch (this.#telnet) {
      case "Data":
        if (byte === IAC) this.#telnet = "Iac";
        // With a Synch the kernel takes one byte out as urgent data, often IAC; its DM then stands alone before the verb.
        return byte === IAC || (byte >= SE && this.#length === 0);
      case "Iac":
        return this.#afterIac(byte);
      case "Option":
        this.#telnet = "Data";
        return true;
      case "Subnegotiation":
        if (byte === IAC) this.#telnet = "SubnegotiationIac";
        // A line's end closes it too, or one IAC SB would swallow the whole session.
        else if (byte === LF) this.#telnet = "Data";
        return byte !== LF;
      case "SubnegotiationIac":
        this.#telnet = byte === SE ? "Data" : "Subnegotiation";
        return true;
    }
  }

  #afterIac(byte: number): boolean {
    // The kernel took DM out as urgent data: what follows IAC is the command line itself.
    const command = byte >= SE && byte !== IAC;
    this.#telnet = "Data";
    if (byte === SB) this.#telnet = "Subnegotiation";
    else if (byte >= WILL && byte < IAC) this.#telnet = "Option";
    return command;
  }
}
