/** `metav1.MicroTime`: RFC 3339 with exactly six fractional digits; the API server rejects three. */
export function microTime(date: Date): string {
  return date.toISOString().replace(/Z$/, "000Z");
}

/** `metav1.Time` has no fractions of seconds. */
export function wholeSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}

/** RFC 3339 section 5.6, and what Kubernetes accepts beyond it: lower case, and any character before fractions. */
const DATE_TIME = /^(\d{4}-\d\d-\d\d)t(\d\d:\d\d:\d\d)(?:.(\d+))?(z|[-+]\d\d:\d\d)$/iu;

/** Returns a `date-time` in milliseconds since the epoch; undefined for other text, and for a day that no calendar has. */
export function parseTime(text: string): number | undefined {
  const [, date = "", time = "", fraction = "0", zone = ""] = DATE_TIME.exec(text) ?? [];
  const milliseconds = Date.parse(`${date}T${time}.${fraction}${zone.toUpperCase()}`);
  // Date takes February 30 for March 2.
  const day = new Date(`${date}T00:00:00Z`);
  const isReal = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
  return isReal && !Number.isNaN(milliseconds) ? milliseconds : undefined;
}
