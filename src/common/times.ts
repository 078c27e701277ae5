/**
 * Returns a `metav1.MicroTime`: an RFC 3339 time with exactly six fractional digits. The API server rejects times with
 * three fractional digits.
 */
export function microTime(date: Date): string {
  return date.toISOString().replace(/Z$/, "000Z");
}

/** Returns a `metav1.Time`, which has no fractions of seconds. */
export function wholeSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}

/**
 * Format of a `date-time` (RFC 3339 section 5.6). Kubernetes also accepts lowercase letters and any separator before
 * the fraction.
 */
const DATE_TIME = /^(\d{4}-\d\d-\d\d)t(\d\d:\d\d:\d\d)(?:.(\d+))?(z|[-+]\d\d:\d\d)$/iu;

/**
 * Parses a `date-time` into milliseconds since the epoch. Returns undefined for other text and for days that do not
 * exist.
 */
export function parseTime(text: string): number | undefined {
  const [, date = "", time = "", fraction = "0", zone = ""] = DATE_TIME.exec(text) ?? [];
  const milliseconds = Date.parse(`${date}T${time}.${fraction}${zone.toUpperCase()}`);
  // The Date constructor parses February 30 as a day in March.
  const day = new Date(`${date}T00:00:00Z`);
  const isReal = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
  return isReal && !Number.isNaN(milliseconds) ? milliseconds : undefined;
}
