/** Part of a file, in bytes: from `start` up to and excluding `end`. */
export interface ByteRange {
  start: number;
  /** Infinity: to the end of the file. */
  end: number;
}

export const WHOLE_FILE: ByteRange = { start: 0, end: Number.POSITIVE_INFINITY };

/** Returns a non-negative number from a command argument. Undefined for other text, and for numbers too large to be exact. */
export function parseOffset(text: string): number | undefined {
  const offset = /^\d{1,16}$/u.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(offset) ? offset : undefined;
}
