import { decodeBytes } from "../../common/escaped-bytes.ts";

/** One line of the control connection, without CRLF. */
export type InputLine =
  /** Text that represents all bytes, also invalid UTF-8: see `decodeBytes`. */
  | { type: "Line"; text: string }
  /** The line exceeded the limit and was dropped. */
  | { type: "TooLong" };

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
// Telnet (RFC 854): after IAC, bytes from SE (240) upwards are commands.
const SE = 240;
const SB = 250;
const WILL = 251;
const IAC = 255;

type Telnet = "Data" | "Iac" | "Option" | "Subnegotiation" | "SubnegotiationIac";

/**
 * Commands that clients send as Telnet urgent data (RFC 959 sections 4.1.3 and 5.3.1), each as one 32-bit number. When a line
 * is sent as urgent data, for example ABOR by Python's ftplib, the kernel removes the LF, and nothing follows the CR.
 */
const URGENT_VERBS: ReadonlySet<number> = new Set(
  ["ABOR", "STAT", "NOOP", "QUIT"].map((verb) => Buffer.from(verb).readUInt32BE()),
);
const VERB_BYTES = 4;
/** Mask that converts four ASCII letters to upper case. */
const UPPER_CASE = 0xdfdfdfdf;

const FIRST_LINE_BYTES = 64;

/**
 * Splits bytes into lines (RFC 959 section 5.3.1). Lines end in CRLF or LF. Telnet commands are dropped and never answered.
 * In an argument only a doubled IAC is Telnet, and represents one byte 0xFF (RFC 854). A single one represents itself.
 * Independent of sockets. Accepts input in chunks of any size, but see `#isUrgent`. Keeps one line, and the pushed bytes that
 * `next` has not consumed.
 */
export class LineFramer {
  readonly #maxBytes: number;
  /** Grows with the lines: most clients send only short lines, so idle sessions need little memory. */
  #line = Buffer.alloc(FIRST_LINE_BYTES);
  #length = 0;
  #overlong = false;
  /** The last byte was a CR that ended a line without LF. A following LF belongs to that line. */
  #endedByCr = false;
  #telnet: Telnet = "Data";
  #input: Uint8Array = new Uint8Array();
  #position = 0;

  /** @param maxBytes maximum length of a line, including its end */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Adds received bytes. Copies them only when unread bytes remain. */
  push(bytes: Uint8Array): void {
    const rest = this.#input.subarray(this.#position);
    this.#input = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    this.#position = 0;
  }

  /** Whether pushed bytes exist that are not part of a returned line. */
  get pending(): boolean {
    return this.#position < this.#input.length || this.#length > 0;
  }

  /** Returns the next complete line; undefined when more bytes are needed. */
  next(): InputLine | undefined {
    while (this.#position < this.#input.length) {
      const byte = this.#input[this.#position++] ?? 0;
      if (this.#isTelnet(byte)) continue;
      const endedByCr = this.#endedByCr;
      this.#endedByCr = false;
      if (endedByCr && byte === LF) continue;
      if (byte === CR && this.#isUrgent()) {
        this.#endedByCr = true;
        return this.#finish();
      }
      if (byte === LF) return this.#finish();
      this.#keep(byte);
    }
    return undefined;
  }

  #keep(byte: number): void {
    if (this.#length >= this.#maxBytes - 1) {
      this.#overlong = true;
      return;
    }
    if (this.#length === this.#line.length) {
      const longer = Buffer.alloc(Math.min(2 * this.#length, this.#maxBytes));
      this.#line.copy(longer);
      this.#line = longer;
    }
    this.#line[this.#length++] = byte;
  }

  /**
   * Whether a CR ends the line although its LF is missing. After an argument, only when no more bytes came with it, because the
   * kernel delivers urgent data separately. Otherwise a CR in an argument, which a client failed to reject, would begin another
   * command.
   */
  #isUrgent(): boolean {
    if (this.#length < VERB_BYTES || this.#overlong) return false;
    // The buffer is always longer than a verb, so these bytes exist.
    if (!URGENT_VERBS.has((this.#line.readUInt32BE() & UPPER_CASE) >>> 0)) return false;
    if (this.#length === VERB_BYTES) return true;
    return this.#line[VERB_BYTES] === SPACE && this.#position === this.#input.length;
  }

  #finish(): InputLine {
    const line = this.#line.subarray(0, this.#length);
    const overlong = this.#overlong;
    this.#length = 0;
    this.#overlong = false;
    if (overlong) return { type: "TooLong" };
    return { type: "Line", text: decodeBytes(line.at(-1) === CR ? line.subarray(0, -1) : line) };
  }

  /** Returns whether a byte belongs to a Telnet command. */
  #isTelnet(byte: number): boolean {
    switch (this.#telnet) {
      case "Data":
        if (byte === IAC) this.#telnet = "Iac";
        // With a Synch, the kernel removes one byte as urgent data, often IAC. The DM then precedes the verb.
        return byte === IAC || (byte >= SE && this.#length === 0);
      case "Iac":
        return this.#afterIac(byte);
      case "Option":
        this.#telnet = "Data";
        return true;
      case "Subnegotiation":
        if (byte === IAC) this.#telnet = "SubnegotiationIac";
        // A line end closes a subnegotiation too. Otherwise one IAC SB would drop all further input.
        else if (byte === LF) this.#telnet = "Data";
        return byte !== LF;
      case "SubnegotiationIac":
        this.#telnet = byte === SE ? "Data" : "Subnegotiation";
        return true;
    }
  }

  /** After the verb: the line already contains a space. */
  get #isArgument(): boolean {
    const space = this.#line.indexOf(SPACE);
    return space >= 0 && space < this.#length;
  }

  #afterIac(byte: number): boolean {
    if (byte !== IAC && this.#isArgument) {
      // Only lftp doubles 0xFF in names. No client sends a Telnet command within an argument.
      this.#telnet = "Data";
      this.#keep(IAC);
      return false;
    }
    // The kernel removed DM as urgent data: the bytes after IAC are the command line.
    const command = byte >= SE && byte !== IAC;
    this.#telnet = "Data";
    if (byte === SB) this.#telnet = "Subnegotiation";
    else if (byte >= WILL && byte < IAC) this.#telnet = "Option";
    return command;
  }
}
