import { decodeBytes } from "../../common/escaped-bytes.ts";

/** Line from the control connection, without CRLF. */
export type InputLine =
  /** Complete line. The text can represent all bytes, including invalid UTF-8 (see `decodeBytes`). */
  | { type: "Line"; text: string }
  /** The line exceeded the limit and was discarded. */
  | { type: "TooLong" };

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
// RFC 854 (Telnet): after IAC, a byte of at least SE (240) is a command.
const SE = 240;
const SB = 250;
const WILL = 251;
const IAC = 255;

type Telnet = "Data" | "Iac" | "Option" | "Subnegotiation" | "SubnegotiationIac";

/**
 * Verbs that clients send as Telnet urgent data (RFC 959 sections 4.1.3 and 5.3.1), each as one 32-bit number. Python's
 * ftplib, for example, sends the complete ABOR line as urgent data. The kernel then removes the LF, and no bytes follow
 * the CR.
 */
const URGENT_VERBS: ReadonlySet<number> = new Set(
  ["ABOR", "STAT", "NOOP", "QUIT"].map((verb) => Buffer.from(verb).readUInt32BE()),
);
const VERB_BYTES = 4;
/** Mask that converts four ASCII letters to upper case. */
const UPPER_CASE = 0xdfdfdfdf;

const FIRST_LINE_BYTES = 64;
const NO_BYTES = Buffer.alloc(0);

/**
 * Splits bytes into lines that end in CRLF or LF (RFC 959 section 5.3.1).
 * Discards Telnet commands without a reply. In an argument, a doubled IAC represents one byte 0xFF (RFC 854), and a
 * single IAC is an ordinary byte.
 * The class does not depend on sockets. Chunks can have any size, except in the case that `#isUrgent` describes. The
 * class stores one line and the bytes that `next` has not consumed.
 */
export class LineFramer {
  readonly #maxBytes: number;
  /**
   * Buffer for the current line. The buffer grows with the line. Between commands, neither this buffer nor the input
   * occupies memory, because most sessions are idle.
   */
  #line = NO_BYTES;
  #length = 0;
  #overlong = false;
  /** Whether the last byte was a CR that ended a line without LF. A following LF belongs to the same line. */
  #endedByCr = false;
  #telnet: Telnet = "Data";
  #input: Uint8Array = NO_BYTES;
  #position = 0;

  /** @param maxBytes maximum length of a line in bytes, including the line end */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Adds received bytes. Copies the bytes only when unread bytes remain. */
  push(bytes: Uint8Array): void {
    const rest = this.#input.subarray(this.#position);
    this.#input = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    this.#position = 0;
  }

  /** Whether the buffer contains bytes after the last returned line. */
  get pending(): boolean {
    return this.#position < this.#input.length || this.#length > 0;
  }

  /** Returns the next complete line, or undefined when more bytes are needed. */
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
    this.#input = NO_BYTES;
    this.#position = 0;
    if (this.#length === 0) this.#line = NO_BYTES;
    return undefined;
  }

  #keep(byte: number): void {
    if (this.#length >= this.#maxBytes - 1) {
      this.#overlong = true;
      return;
    }
    if (this.#length === this.#line.length) {
      // `allocUnsafe` would take the buffer from a block of 64 KiB, which a single unfinished line could then occupy.
      const longer = Buffer.allocUnsafeSlow(
        Math.max(FIRST_LINE_BYTES, Math.min(2 * this.#length, this.#maxBytes)),
      );
      this.#line.copy(longer);
      this.#line = longer;
    }
    this.#line[this.#length++] = byte;
  }

  /**
   * Returns whether a CR ends the line although the LF is missing. A CR after an argument ends the line only when no
   * more bytes arrived together with the CR, because the kernel delivers urgent data separately. If every CR ended a
   * line, a CR inside an argument would start another command (command injection).
   */
  #isUrgent(): boolean {
    if (this.#length < VERB_BYTES || this.#overlong) return false;
    // The buffer is longer than a verb, so it contains at least four bytes.
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
        // When a Telnet Synch arrives, the kernel removes one byte as urgent data, often IAC. The verb then directly
        // follows DM.
        return byte === IAC || (byte >= SE && this.#length === 0);
      case "Iac":
        return this.#afterIac(byte);
      case "Option":
        this.#telnet = "Data";
        return true;
      case "Subnegotiation":
        if (byte === IAC) this.#telnet = "SubnegotiationIac";
        // A line end also closes a subnegotiation. If the subnegotiation remained open, one IAC SB sequence would cause
        // the engine to discard all further input.
        else if (byte === LF) this.#telnet = "Data";
        return byte !== LF;
      case "SubnegotiationIac":
        this.#telnet = byte === SE ? "Data" : "Subnegotiation";
        return true;
    }
  }

  /** Whether the line already contains a space, which ends the verb. */
  get #isArgument(): boolean {
    const space = this.#line.indexOf(SPACE);
    return space >= 0 && space < this.#length;
  }

  #afterIac(byte: number): boolean {
    if (byte !== IAC && this.#isArgument) {
      // Only lftp doubles 0xFF in names. No client sends a Telnet command inside an argument.
      this.#telnet = "Data";
      this.#keep(IAC);
      return false;
    }
    // When the kernel removed DM as urgent data, the bytes after IAC are the command line.
    const command = byte >= SE && byte !== IAC;
    this.#telnet = "Data";
    if (byte === SB) this.#telnet = "Subnegotiation";
    else if (byte >= WILL && byte < IAC) this.#telnet = "Option";
    return command;
  }
}
