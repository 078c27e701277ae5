import { FairQueue, type Owner } from "./fair-queue.ts";

/** The permit of a running job. */
export interface Permit {
  /**
   * Called by a long job between two steps. Returns immediately unless the job's time slice is used up and another job waits.
   * Then the permit passes to that job, and this job waits for a permit again.
   * @throws the signal's reason when it is aborted before or during the wait; the job must end then
   */
  pause(): Promise<void>;
}

export interface SemaphoreOptions {
  /** Time slice of a job before `pause` passes its permit on, in milliseconds. Defaults to no limit. */
  sliceMilliseconds?: number;
  /** Milliseconds since an arbitrary origin. Defaults to the system's monotonic clock. */
  now?: () => number;
}

/** The owner of a job, and the signal that ends its wait. */
export interface JobOptions {
  /** Removes the job from the queue when it is aborted before the job has started. */
  signal?: AbortSignal;
  /** Jobs without an owner share one default owner. */
  owner?: Owner;
}

/** Limits the number of jobs that run at the same time. Owners are served in the order of FairQueue. */
export class Semaphore {
  #free: number;
  readonly #waiting = new FairQueue<() => void>();
  readonly #sliceMilliseconds: number;
  readonly #now: () => number;

  /** @param permits maximum number of running jobs */
  constructor(
    permits: number,
    { sliceMilliseconds = Infinity, now = () => performance.now() }: SemaphoreOptions = {},
  ) {
    this.#free = permits;
    this.#sliceMilliseconds = sliceMilliseconds;
    this.#now = now;
  }

  /** Number of waiting jobs of an owner; of all owners when none is given. */
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
      // The job joins the queue before it releases the permit. Otherwise it could take its own permit again.
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

  /** A waiting job gets the permit directly, so that a new job cannot take it first. */
  #release(): void {
    const start = this.#waiting.take();
    if (start === undefined) this.#free += 1;
    else start();
  }
}
