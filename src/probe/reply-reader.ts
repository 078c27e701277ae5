/** A whole reply (RFC 959 section 4.2). */
export interface Reply {
  code: number;
  /** All lines, without their ends. */
  lines: string[];
}

/** Longest reply that is read, in characters: a server that never ends one must not fill the memory. */
const MAX_REPLY = 64 * 1024;

/** What a server sent is no reply. */
class NoReplyError extends Error {
  /** The message without what it sent. */
  readonly ownWords = "what came is no FTP reply";

  constructor(line: string) {
    super(`"${printable(line)}" is no FTP reply`);
    this.name = "NoReplyError";
  }
}

/** Cuts what a server sends into replies. */
export class ReplyReader {
  #text = "";
  #lines: string[] = [];

  /** @returns the replies that end in this piece. @throws Error when a reply is too long or is none */
  push(piece: string): Reply[] {
    this.#text += piece;
    if (this.#text.length + this.#lines.join("").length > MAX_REPLY) throw new Error("the reply has no end");
    const lines = this.#text.split(/\r?\n/);
    this.#text = lines.pop() ?? "";
    return lines.flatMap((line) => this.#line(line));
  }

  /** Whether something is left of a reply that has not ended. */
  get isEmpty(): boolean {
    return this.#text === "" && this.#lines.length === 0;
  }

  #line(line: string): Reply[] {
    this.#lines.push(line);
    const [first = ""] = this.#lines;
    const code = /^[1-5]\d\d(?=[ -]|$)/.exec(first)?.[0];
    if (code === undefined) throw new NoReplyError(first);
    const isLast = first[3] !== "-" || (this.#lines.length > 1 && line.startsWith(`${code} `));
    if (!isLast) return [];
    const reply = { code: Number(code), lines: this.#lines };
    this.#lines = [];
    return [reply];
  }
}

const MAX_SHOWN = 80;

/** A line of a server that may be anything, safe for a terminal and a status. */
export function printable(line: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what has to go
  return line.slice(0, MAX_SHOWN).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}
