/** Number and line count at the end of a batch key. */
const NAME = /^(\d{10})\.(\d{1,7})$/u;
const DIGITS = 10;

/** Object that contains log lines. */
export interface Batch {
  /** Number in the key. A batch with more lines can replace a batch with the same number. */
  readonly number: number;
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
  readonly lines: number;
  delivered: number;
  /** Lines, if they are in memory. */
  texts: readonly string[] | undefined;
}

export function batchKey(prefix: string, number: number, lines: number): string {
  return `${prefix}${String(number).padStart(DIGITS, "0")}.${lines}`;
}

/** Parses a key. Returns undefined for keys of other objects. */
export function parseBatchKey(prefix: string, key: string): { number: number; lines: number } | undefined {
  const [, number, lines] = NAME.exec(key.slice(prefix.length)) ?? [];
  return number === undefined ? undefined : { number: Number(number), lines: Number(lines) };
}

/** Returns the content of a batch. */
export function contentOf(lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join("\n")}\n`);
}

/** Returns the lines in the content of a batch. */
export function linesIn(content: Buffer): string[] {
  return content.toString().split("\n").slice(0, -1);
}

/** Splits lines into parts of at most `bytes`. A longer line forms a separate part. */
export function partsOf(lines: readonly string[], bytes: number): string[][] {
  const parts: string[][] = [];
  let size = 0;
  for (const line of lines) {
    const length = Buffer.byteLength(line) + 1;
    const part = parts.at(-1);
    if (part === undefined || size + length > bytes) {
      parts.push([line]);
      size = length;
    } else {
      part.push(line);
      size += length;
    }
  }
  return parts;
}
