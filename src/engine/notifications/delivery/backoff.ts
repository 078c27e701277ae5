import { FIRST_RETRY_DELAY, MAX_RETRY_AFTER, MAX_RETRY_DELAY } from "../limits.ts";

/** Maximum number of times that the delay doubles. */
const MAX_DOUBLINGS = 10;

/**
 * Computes the delays after failed requests to a sink. While a sink fails, one request at a time tests whether the sink
 * has recovered.
 */
export class Backoff {
  readonly #random: () => number;
  #failures = 0;
  #until = 0;

  /** @param random returns a number from 0 up to but not including 1 */
  constructor(random = Math.random) {
    this.#random = random;
  }

  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** Earliest time of the next request, in milliseconds since the epoch. */
  get until(): number {
    return this.#until;
  }

  /**
   * @param startedAt start time of the failed request. Concurrent failures count as one failure.
   * @param retryAfter delay in milliseconds that the sink requested
   */
  failed(startedAt: number, now: number, retryAfter = 0): void {
    if (startedAt < this.#until) return;
    const delay = Math.min(FIRST_RETRY_DELAY * 2 ** Math.min(this.#failures, MAX_DOUBLINGS), MAX_RETRY_DELAY);
    this.#failures += 1;
    // Half of the delay is random, so that several engines do not send requests at the same time.
    const jittered = delay / 2 + (delay / 2) * this.#random();
    this.#until = now + Math.max(jittered, Math.min(retryAfter, MAX_RETRY_AFTER));
  }

  succeeded(): void {
    this.#failures = 0;
    this.#until = 0;
  }
}
