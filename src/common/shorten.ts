const ELLIPSIS = "…";

/** A text of at most so many bytes of UTF-8. */
export function shorten(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const kept = Buffer.from(text).subarray(0, maxBytes - Buffer.byteLength(ELLIPSIS));
  // A character cut in two decodes as U+FFFD.
  return kept.toString("utf8").replace(/\uFFFD$/, "") + ELLIPSIS;
}
