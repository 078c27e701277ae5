import type { Finding } from "./conditions/condition.ts";

/** Longest time without a look, in seconds: clocks are set meanwhile, and timers end at 24.8 days. */
const MAX_SECONDS = 24 * 3600;

/**
 * When the findings would be others by time alone.
 * @param now RFC 3339
 * @returns seconds from now; undefined when never
 */
export function secondsToNextLook(findings: readonly Finding[], now: string): number | undefined {
  const times = findings.flatMap(({ until }) => until ?? []);
  if (times.length === 0) return undefined;
  const seconds = Math.ceil((Math.min(...times) - Date.parse(now)) / 1000);
  return Math.min(Math.max(seconds, 1), MAX_SECONDS);
}
