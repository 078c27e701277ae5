import { FairQueue, type Owner } from "./fair-queue.ts";

/** What a job holds while it runs. */
export interface Permit {
  /**
   * Called by a long job between two steps. Returns at once unless the job's time slice is used up and another job waits; then the
   * permit goes to that job, and this one waits for its next turn.
   * @throws the signal's reason when it is aborted before or meanwhile; the job must end then
   */
  pause(): Promise<void>;
}

export interface SemaphoreOptions {
  /** How long a job runs before `pause` passes its permit on, in milliseconds. Defaults to no limit. */
  sliceMilliseconds?: number;
  /** Milliseconds since an arbitrary origin. Defaults to the system's monotonic clock. */
  now?: () => number;
}

/** Who runs a job, and until when somebody waits for it. */
export interface JobOptions {
  /** Removes the job from the queue when it is aborted before the job has started. */
  signal?: AbortSignal;
  /** Defaults to one owner for all jobs without one. */
  owner?: Owner;
}

/** Bounds how many jobs run at the same time. Jobs of different owners take turns (see FairQueue). */
export class Semaphore {
  #free: number;
  readonly #waiting = new FairQueue<() => void>();
  readonly #sliceMilliseconds: number;
  readonly #now: () => number;

  /** @param permits how many jobs run at once */
  constructor(
    permits: number,
    { sliceMilliseconds = Infinity, now = () => performance.now() }: SemaphoreOptions = {},
  ) {
    this.#free = permits;
    this.#sliceMilliseconds = sliceMilliseconds;
    this.#now = now;
  }

  /** Number of jobs of an owner that wait; of all owners without one. */
  waiting(owner: Owner = []): number {
    return this.#waiting.size(owner);
  }

  /**
   * Runs the job as soon as a permit is free for its owner.
   * @throws the signal's reason when it is aborted before that, without running the job; whatever the job throws
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
      // The queue is joined before the permit is released, or this job could take its own permit again.
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

  /** A waiting job gets the permit directly, so that no newcomer takes it in between. */
  #release(): void {
    const start = this.#waiting.take();
    if (start === undefined) this.#free += 1;
    else start();
  }
}
