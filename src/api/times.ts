/** `metav1.MicroTime`: RFC 3339 with exactly six fractional digits; the API server refuses three. */
export function microTime(date: Date): string {
  return date.toISOString().replace(/Z$/, "000Z");
}

/** `metav1.Time` has no fractions of seconds. */
export function wholeSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
