import { FairQueue, type Owner } from "./fair-queue.ts";

/** Milliseconds that the jobs of one budget may take together in one event-loop tick. Then timers, probes and I/O run. */
export const TICK_MILLISECONDS = 4;

/**
 * Called by a job between two short steps. Returns undefined when the job may continue immediately, and otherwise a promise that
 * resolves when it may continue.
 */
export type Pause = () => Promise<void> | undefined;

/**
 * Shares the event loop among jobs that never wait for anything else. The event loop does not run during resolved promises,
 * writes that the kernel accepts immediately, or thousands of commands in one packet. When the budget of a tick is spent, jobs
 * wait. One of them continues in each of the next ticks, owner by owner (see FairQueue). More endless jobs make each of these
 * jobs wait longer, but delay nothing else.
 */
export class TickBudget {
  readonly #wakes: number;
  readonly #now: () => number;
  readonly #waiting = new FairQueue<() => void>();
  /** Start of the first job of this tick; undefined when none has started. */
  #began: number | undefined;

  /**
   * @param wakes number of jobs that may continue in one tick, for jobs whose steps are far shorter than a tick
   * @param now milliseconds that never go back
   */
  constructor(wakes = 1, now: () => number = () => performance.now()) {
    this.#wakes = wakes;
    this.#now = now;
  }

  /** Whether a job must call `next` before its next step. */
  get spent(): boolean {
    if (this.#began === undefined) {
      this.#began = this.#now();
      setImmediate(this.#tick);
      return false;
    }
    return this.#now() - this.#began >= TICK_MILLISECONDS;
  }

  /** Resolves in a later tick. Jobs of one owner continue in the order in which they came. */
  next(owner: Owner = []): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(owner, resolve);
    return promise;
  }

  /** Returns the function that the jobs of an owner call between two steps. */
  pauseFor(owner: Owner): Pause {
    return () => (this.spent ? this.next(owner) : undefined);
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
