/** Longest time without a look, in seconds: clocks are set meanwhile, and timers end at 24.8 days. */
const MAX_SECONDS = 24 * 3600;

/**
 * Returns the seconds until the first of some times; undefined when there is none.
 * @param times milliseconds since the epoch, at which the status changes by time alone
 * @param now RFC 3339
 */
export function secondsUntilRequeue(times: readonly number[], now: string): number | undefined {
  if (times.length === 0) return undefined;
  const seconds = Math.ceil((Math.min(...times) - Date.parse(now)) / 1000);
  return Math.min(Math.max(seconds, 1), MAX_SECONDS);
}
