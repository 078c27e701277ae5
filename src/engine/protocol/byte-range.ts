/** Part of a file from byte `start` to byte `end` (exclusive). */
export interface ByteRange {
  start: number;
  /** `Infinity` means the end of the file. */
  end: number;
}

export const WHOLE_FILE: ByteRange = { start: 0, end: Number.POSITIVE_INFINITY };

/**
 * Returns a non-negative number from a command argument. Returns undefined for other text and for numbers that exceed
 * the safe integer range.
 */
export function parseOffset(text: string): number | undefined {
  const offset = /^\d{1,16}$/u.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(offset) ? offset : undefined;
}
