/** Counts jobs and their failures, and records the job durations. */
import { setTimeout as sleep } from "node:timers/promises";

/** Maximum duration of a job in milliseconds. */
const JOB_TIMEOUT = 60_000;
const FAILURES_KEPT = 20;

/** Counts jobs by name and keeps the first failures. */
export class Tally {
  readonly done = new Map<string, number>();
  readonly failures: string[] = [];
  failed = 0;

  get total(): number {
    return this.done.values().reduce((sum, count) => sum + count, 0);
  }

  /** Runs a job. Returns whether it succeeded. */
  async run(name: string, job: () => Promise<void>): Promise<boolean> {
    const timeout = new AbortController();
    const tooLate = sleep(JOB_TIMEOUT, undefined, { signal: timeout.signal }).then(() => {
      throw new Error(`not finished within ${JOB_TIMEOUT / 1000} s`);
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

/** Repeats a function until the signal aborts. @param pause average pause in milliseconds */
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

/** Collects durations in milliseconds. */
export class Durations {
  readonly #all: number[] = [];

  /** Measures one call. */
  async time(what: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    await what();
    this.#all.push(performance.now() - began);
  }

  /**
   * Returns a quantile of the durations.
   * @param share fraction of the durations that are at or below the quantile, from 0 to 1
   */
  quantile(share: number): number {
    const sorted = this.#all.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  }

  get summary(): string {
    const [median, late, last] = [0.5, 0.99, 1].map((share) => `${this.quantile(share).toFixed(0)} ms`);
    return `${this.#all.length} calls, median ${median}, 99th percentile ${late}, maximum ${last}`;
  }
}
