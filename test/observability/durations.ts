/** Compares durations in the text of an alert with its expression and its `for`. */
import type { Alert } from "./rules.ts";

const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  minute: 60,
  hour: 3600,
  day: 86_400,
};

/** Kind of a duration: a time until the alert fires (for), a period in the past (in), or a threshold (than, within). */
type Key = "for" | "in" | "than" | "within";

/** Converts a Prometheus duration with one unit, such as `10m`, to seconds. Returns undefined for other text. */
export function secondsOf(duration: string | undefined): number | undefined {
  const [, count, unit = ""] = /^(\d+)([smh])$/.exec(duration ?? "") ?? [];
  return count === undefined ? undefined : Number(count) * (SECONDS[unit] ?? Number.NaN);
}

/**
 * Returns the number of seconds to which each preposition can refer. Without a window in the expression, the threshold
 * is an age in seconds. When the alert fires, the age has reached the sum of the threshold and `for`.
 */
export function durationsOf({ expr, for: wait }: Alert): Record<Key, number | undefined> {
  const threshold = Number(/[<>] ([\d.]+)$/.exec(expr)?.[1]);
  const window = secondsOf(/\[(\w+)\]/.exec(expr)?.[1]);
  const held = secondsOf(wait);
  return { for: held, in: window ?? threshold + (held ?? 0), than: threshold, within: threshold };
}

/** Returns the durations in a text, with the preposition before each duration. */
export function durationsIn(text: string): { text: string; key: Key; seconds: number }[] {
  return [...text.matchAll(/(?:(\w+)(?: at least| the last)? )?(\d+) (minute|hour|day)s?\b/g)].map(
    ([found, word = "", count, unit = ""]) => {
      const key = (["for", "in", "than", "within"] as const).find((one) => one === word.toLowerCase());
      if (key === undefined) throw new Error(`unexpected preposition: ${found}`);
      return { text: found, key, seconds: Number(count) * (SECONDS[unit] ?? Number.NaN) };
    },
  );
}
