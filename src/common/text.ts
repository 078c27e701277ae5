/** Functions that format human-readable text. */

const CONTROL_CHARACTER = /\p{Cc}/u;
const CONTROL_CHARACTERS = /\p{Cc}/gu;

/**
 * Replaces control characters, so that the text is safe in a one-line reply, a listing or a terminal. Bytes that are
 * not UTF-8 remain unchanged.
 */
export function printable(text: string): string {
  // `test` takes half as long as `replace` for a text without control characters.
  return CONTROL_CHARACTER.test(text) ? text.replace(CONTROL_CHARACTERS, "?") : text;
}

const ELLIPSIS = "…";

/** Truncates text to at most `maxBytes` bytes of UTF-8. */
export function shorten(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const kept = Buffer.from(text).subarray(0, maxBytes - Buffer.byteLength(ELLIPSIS));
  // A truncated character decodes as U+FFFD.
  return kept.toString("utf8").replace(/\uFFFD$/, "") + ELLIPSIS;
}

/** Returns a list of items for use in a sentence, for example `a, b and c`. */
export function listText(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Returns a size, for example `3.4 MiB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)), UNITS.length - 1);
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`;
}

/**
 * Returns an age in the largest unit for which the value is at least 2, for example `45s`, `12m`, `3h` or `9d`. Ages
 * below 2 minutes are in seconds.
 */
export function formatAge(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 120) return `${whole}s`;
  if (whole < 2 * 3600) return `${Math.floor(whole / 60)}m`;
  if (whole < 2 * 86_400) return `${Math.floor(whole / 3600)}h`;
  return `${Math.floor(whole / 86_400)}d`;
}
