/** Lets a few jobs run at once; the others wait in line, the oldest first. */
export class Turns {
  #free: number;
  readonly #waiting = new Set<() => void>();

  /** @param count how many run at once */
  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Runs the job when its turn comes.
   * @throws the signal's reason when it is aborted before that, without running the job; whatever the job throws
   */
  async run<T>(signal: AbortSignal, job: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(signal);
    try {
      return await job();
    } finally {
      this.#passOn();
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(start);
        reject(signal.reason);
      };
      const start = (): void => {
        this.#waiting.delete(start);
        signal.removeEventListener("abort", leave);
        resolve();
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.add(start);
    });
  }

  #passOn(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else next();
  }
}
