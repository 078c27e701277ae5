import { FairQueue, type Owner } from "./fair-queue.ts";

/** Permit of a running job. */
export interface Permit {
  /**
   * Pauses a long job between two steps. Returns immediately unless the job's time slice has expired and another job is
   * waiting. After the time slice, a waiting job receives the permit, and the paused job waits for a new permit.
   * @throws the abort reason of the signal if the signal aborts before or during the wait. The job must then end.
   */
  pause(): Promise<void>;
}

export interface SemaphoreOptions {
  /**
   * Time in milliseconds after which `pause` passes the permit of a job to a waiting job. By default, a job keeps its
   * permit until it ends.
   */
  sliceMilliseconds?: number;
  /** Returns milliseconds since an arbitrary origin. Defaults to the monotonic system clock. */
  now?: () => number;
}

/** Owner of a job, and the signal that aborts the job's wait. */
export interface JobOptions {
  /** An abort before the job starts removes the job from the queue. */
  signal?: AbortSignal;
  /** Jobs without an owner share one default owner. */
  owner?: Owner;
}

/**
 * Limits the number of jobs that run at the same time. Owners receive permits in the order that `FairQueue` defines.
 */
export class Semaphore {
  #free: number;
  readonly #waiting = new FairQueue<() => void>();
  readonly #sliceMilliseconds: number;
  readonly #now: () => number;

  /** @param permits maximum number of concurrent jobs */
  constructor(
    permits: number,
    { sliceMilliseconds = Infinity, now = () => performance.now() }: SemaphoreOptions = {},
  ) {
    this.#free = permits;
    this.#sliceMilliseconds = sliceMilliseconds;
    this.#now = now;
  }

  /** Returns the number of waiting jobs for an owner, or for all owners by default. */
  waiting(owner: Owner = []): number {
    return this.#waiting.size(owner);
  }

  /**
   * Runs a job as soon as a permit is free for the job's owner.
   * @throws the abort reason of the signal if the signal aborts before the job starts, and any error that the job
   *   throws
   */
  async run<T>(job: (permit: Permit) => Promise<T>, options: JobOptions = {}): Promise<T> {
    options.signal?.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(options);
    let held = true;
    let since = this.#now();
    const pause = async (): Promise<void> => {
      if (this.#waiting.size() === 0 || this.#now() - since < this.#sliceMilliseconds) return;
      options.signal?.throwIfAborted();
      held = false;
      // A paused job joins the queue before it releases its permit. In the reverse order, the paused job could receive
      // its own permit again.
      const next = this.#wait(options);
      this.#release();
      await next;
      held = true;
      since = this.#now();
    };
    try {
      return await job({ pause });
    } finally {
      if (held) this.#release();
    }
  }

  #wait({ signal, owner = [] }: JobOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#waiting.delete(owner, start);
        reject(signal?.reason);
      };
      const start = (): void => {
        signal?.removeEventListener("abort", cancel);
        resolve();
      };
      signal?.addEventListener("abort", cancel, { once: true });
      this.#waiting.add(owner, start);
    });
  }

  /** Releases a permit. A waiting job receives the permit directly, so that a new job cannot take the permit first. */
  #release(): void {
    const start = this.#waiting.take();
    if (start === undefined) this.#free += 1;
    else start();
  }
}
