import { printable } from "../common/text.ts";

/** Complete FTP reply (RFC 959 section 4.2). */
export interface Reply {
  code: number;
  /** All lines of the reply without line endings. */
  lines: string[];
}

/**
 * Maximum length of a reply in characters. Without this limit, a server could fill the memory with an endless reply.
 */
const MAX_REPLY = 64 * 1024;
const MAX_PRINTED = 80;

/** Returns the start of a line from a server, without characters that are unsafe in a terminal or an object status. */
export function printableLine(line: string): string {
  return printable(line.slice(0, MAX_PRINTED));
}

/** Error for a line that is not an FTP reply. */
class InvalidReplyError extends Error {
  override name = "InvalidReplyError";
  /** Error message that contains no text from the server. */
  readonly safeMessage = "the server sent an invalid FTP reply";

  constructor(line: string) {
    super(`"${printableLine(line)}" is not an FTP reply`);
  }
}

/** Parses replies from the text that a server sends. */
export class ReplyParser {
  #text = "";
  #lines: string[] = [];

  /**
   * Adds received text to the parser.
   * @returns replies that the text completes
   * @throws Error if a reply is too long or invalid
   */
  push(text: string): Reply[] {
    this.#text += text;
    if (this.#text.length + this.#lines.join("").length > MAX_REPLY) throw new Error("the reply is too long");
    const lines = this.#text.split(/\r?\n/);
    this.#text = lines.pop() ?? "";
    return lines.flatMap((line) => this.#line(line));
  }

  /** Returns whether the buffer contains no part of a reply. */
  get isEmpty(): boolean {
    return this.#text === "" && this.#lines.length === 0;
  }

  #line(line: string): Reply[] {
    this.#lines.push(line);
    const [first = ""] = this.#lines;
    const code = /^[1-5]\d\d(?=[ -]|$)/.exec(first)?.[0];
    if (code === undefined) throw new InvalidReplyError(first);
    const isLast = first[3] !== "-" || (this.#lines.length > 1 && line.startsWith(`${code} `));
    if (!isLast) return [];
    const reply = { code: Number(code), lines: this.#lines };
    this.#lines = [];
    return [reply];
  }
}
