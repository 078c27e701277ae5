/** What was done and what failed. */
import { setTimeout as sleep } from "node:timers/promises";

/** Longest that one job may take, in milliseconds; a client that hangs is a failure. */
const JOB_TIMEOUT = 60_000;
const FAILURES_KEPT = 20;

/** Counts jobs by their name, and keeps the first failures. */
export class Tally {
  readonly done = new Map<string, number>();
  readonly failures: string[] = [];
  failed = 0;

  get total(): number {
    return this.done.values().reduce((sum, count) => sum + count, 0);
  }

  /** Runs one job to its end. @returns whether it came off */
  async run(name: string, job: () => Promise<void>): Promise<boolean> {
    const timeout = new AbortController();
    const tooLate = sleep(JOB_TIMEOUT, undefined, { signal: timeout.signal }).then(() => {
      throw new Error(`did not end within ${JOB_TIMEOUT / 1000} s`);
    });
    tooLate.catch(() => undefined);
    try {
      await Promise.race([job(), tooLate]);
      this.done.set(name, (this.done.get(name) ?? 0) + 1);
      return true;
    } catch (error) {
      this.failed += 1;
      const text = error instanceof Error ? error.message : String(error);
      if (this.failures.length < FAILURES_KEPT) {
        this.failures.push(`${new Date().toISOString()} ${name}: ${text}`);
      }
      return false;
    } finally {
      timeout.abort();
    }
  }
}

/** Repeats until the signal aborts, with a pause of about this many milliseconds between two. */
export async function repeat(
  signal: AbortSignal,
  pause: number,
  once: (round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    await once(round);
    await sleep(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
  }
}

/** Durations in milliseconds. */
export class Durations {
  readonly #all: number[] = [];

  async time(what: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    await what();
    this.#all.push(performance.now() - began);
  }

  quantile(share: number): number {
    const sorted = this.#all.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  }

  get summary(): string {
    const [median, late, last] = [0.5, 0.99, 1].map((share) => `${this.quantile(share).toFixed(0)} ms`);
    return `${this.#all.length} times, median ${median}, 99 % ${late}, longest ${last}`;
  }
}
