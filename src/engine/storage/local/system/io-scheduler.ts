/** From here on, on average, a call blocks others for longer than a thread would cost. Milliseconds. */
const SLOW_AVERAGE = 0.25;
/** What a call, or a batch of them, may block everybody else. Milliseconds. */
const SLOW_CALL = 20;
/** How many calls the average looks back. */
const MEMORY = 32;
/**
 * How long a slow volume is left to threads before it is tried again: first and, doubled each time, at most. A first slow call may be
 * no more than another program that had the processor. Milliseconds.
 */
export const FIRST_PAUSE = 100;
export const MAX_PAUSE = 10_000;

/**
 * Decides whether calls to a volume are made at once or on a thread. A call that the kernel answers from memory takes a few
 * microseconds, and a thread costs ten times as much; a call that waits for a disk would hold up every session. So calls are
 * timed, and once they are slow, all of them go to threads for a while. A volume behind a network may never answer at all: calls
 * to it are always made on threads. docs/contributing/decisions/0003 has the figures.
 */
export class IoScheduler {
  /** Whether the volume is on this machine. */
  readonly isLocal: boolean;
  #average = 0;
  #slowUntil = Number.NEGATIVE_INFINITY;
  #pause = FIRST_PAUSE;
  readonly #now: () => number;

  /** @param now returns milliseconds on a clock that never goes back */
  constructor(isLocal: boolean, now = (): number => performance.now()) {
    this.isLocal = isLocal;
    this.#now = now;
  }

  get isFast(): boolean {
    return this.isLocal && this.#slowUntil <= this.#now();
  }

  /** Makes a call in the way that suits the volume now. */
  async call<T>(atOnce: () => T, onThread: () => Promise<T>): Promise<T> {
    if (!this.isFast) return await onThread();
    const began = this.#now();
    try {
      return atOnce();
    } finally {
      this.#took(began, 1);
    }
  }

  /** Makes a call at once that may take as long as so many others, or none where they would be left to threads. */
  ifFast<T>(calls: number, atOnce: () => T): T | undefined {
    if (!this.isFast) return undefined;
    const began = this.#now();
    const result = atOnce();
    this.#took(began, calls);
    return result;
  }

  /** Makes one call for each item, as many at once as others can wait for and the rest on threads. */
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
    const weight = Math.min(calls, MEMORY) / MEMORY;
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
