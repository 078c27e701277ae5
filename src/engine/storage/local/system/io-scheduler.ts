/** Maximum average duration of synchronous calls, in milliseconds. Slower calls block others for longer than a thread costs. */
const SLOW_AVERAGE = 0.25;
/** Maximum duration of a synchronous call, or of a batch of them, in milliseconds. */
const SLOW_CALL = 20;
/** Number of calls in the average. */
const AVERAGED_CALLS = 32;
/**
 * First and longest pause of synchronous calls after a slow call, in milliseconds. The pause doubles while calls stay slow. The first
 * pause is short, because another program could have used the processor.
 */
export const FIRST_PAUSE = 100;
export const MAX_PAUSE = 10_000;

/**
 * Decides whether calls to a volume are synchronous or made on a thread. A call that the kernel answers from memory takes a few
 * microseconds, and a thread ten times as much. But a synchronous call that waits for a disk blocks all sessions. Therefore calls are
 * measured, and all calls use threads for some time after slow calls. Calls to network volumes always use threads, because they can
 * wait forever. docs/contributing/decisions/0003 has measurements.
 */
export class IoScheduler {
  /** Whether the volume is on this machine. */
  readonly isLocal: boolean;
  #average = 0;
  #slowUntil = Number.NEGATIVE_INFINITY;
  #pause = FIRST_PAUSE;
  readonly #now: () => number;

  /** @param now returns milliseconds of a monotonic clock */
  constructor(isLocal: boolean, now = (): number => performance.now()) {
    this.isLocal = isLocal;
    this.#now = now;
  }

  get isFast(): boolean {
    return this.isLocal && this.#slowUntil <= this.#now();
  }

  /** Makes a call, synchronously if the volume is fast. */
  async call<T>(atOnce: () => T, onThread: () => Promise<T>): Promise<T> {
    if (!this.isFast) return await onThread();
    const began = this.#now();
    try {
      return atOnce();
    } finally {
      this.#took(began, 1);
    }
  }

  /** Makes a synchronous call if the volume is fast. @param calls number of usual calls that take as long */
  ifFast<T>(calls: number, atOnce: () => T): T | undefined {
    if (!this.isFast) return undefined;
    const began = this.#now();
    const result = atOnce();
    this.#took(began, calls);
    return result;
  }

  /** Makes a call for each item: synchronously until the maximum duration is reached, and the rest on threads. */
  async forEach<T, R>(
    items: readonly T[],
    atOnce: (item: T) => R,
    onThread: (item: T) => Promise<R>,
  ): Promise<R[]> {
    const results: R[] = [];
    if (items.length > 0 && this.isFast) {
      const began = this.#now();
      for (const item of items) {
        results.push(atOnce(item));
        if (this.#now() - began > SLOW_CALL) break;
      }
      this.#took(began, results.length);
    }
    const rest = items.slice(results.length);
    return rest.length === 0 ? results : [...results, ...(await Promise.all(rest.map(onThread)))];
  }

  #took(began: number, calls: number): void {
    const ended = this.#now();
    const weight = Math.min(calls, AVERAGED_CALLS) / AVERAGED_CALLS;
    this.#average += ((ended - began) / calls - this.#average) * weight;
    if (ended - began < SLOW_CALL && this.#average < SLOW_AVERAGE) {
      if (ended - this.#slowUntil > this.#pause) this.#pause = FIRST_PAUSE;
      return;
    }
    this.#average = 0;
    this.#slowUntil = ended + this.#pause;
    this.#pause = Math.min(2 * this.#pause, MAX_PAUSE);
  }
}
