import { FairQueue, type Owner } from "./fair-queue.ts";

/**
 * Time in milliseconds that all jobs with the same budget can use together in one event-loop tick. Timers, probes and
 * I/O run between ticks.
 */
export const TICK_MILLISECONDS = 4;

/**
 * Pauses a job between two short steps. Returns undefined if the job can continue immediately, or a promise that
 * resolves when the job can continue or when the signal is aborted.
 */
export type Pause = (signal?: AbortSignal) => Promise<void> | undefined;

/**
 * Shares the event loop among jobs that never wait for I/O. Without the budget, a job that handles thousands of
 * commands from one packet would block the event loop. Writes that the kernel accepts immediately would also block the
 * event loop. When the budget for a tick is exhausted, the jobs wait. One waiting job continues in each following tick,
 * in the order that `FairQueue` defines. Additional jobs delay only other jobs with the same budget, not the rest of
 * the process.
 */
export class TickBudget {
  readonly #wakes: number;
  readonly #now: () => number;
  readonly #waiting = new FairQueue<() => void>();
  /** Start time of the first job in this tick. The value is undefined if no job has started. */
  #began: number | undefined;

  /**
   * @param wakes number of waiting jobs that can continue in one tick; greater than 1 only if job steps are much
   *   shorter than a tick
   * @param now returns monotonic time in milliseconds
   */
  constructor(wakes = 1, now: () => number = () => performance.now()) {
    this.#wakes = wakes;
    this.#now = now;
  }

  /** Returns whether a job must call `next` before its next step. */
  get spent(): boolean {
    if (this.#began === undefined) {
      this.#began = this.#now();
      setImmediate(this.#tick);
      return false;
    }
    return this.#now() - this.#began >= TICK_MILLISECONDS;
  }

  /**
   * Waits until the job can continue, and resolves in a later tick. Jobs of the same owner continue in first-in,
   * first-out order.
   * @param signal removes the job from the queue and resolves the promise immediately
   */
  next(owner: Owner = [], signal?: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (signal === undefined) {
      this.#waiting.add(owner, resolve);
      return promise;
    }
    const leave = (): void => {
      this.#waiting.delete(owner, wake);
      resolve();
    };
    const wake = (): void => {
      signal.removeEventListener("abort", leave);
      resolve();
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#waiting.add(owner, wake);
    return promise;
  }

  /** Returns the function that the jobs of an owner call between two steps. */
  pauseFor(owner: Owner): Pause {
    return (signal) => (this.spent ? this.next(owner, signal) : undefined);
  }

  readonly #tick = (): void => {
    this.#began = undefined;
    for (let woken = 0; woken < this.#wakes; woken++) {
      const next = this.#waiting.take();
      if (next === undefined) return;
      if (woken === 0) {
        this.#began = this.#now();
        setImmediate(this.#tick);
      }
      next();
    }
  };
}
