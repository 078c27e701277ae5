/**
 * Milliseconds that answering commands may take in one tick of the event loop, all sessions together. Then timers, transfers, probes
 * and new connections get their turn.
 */
export const TICK_MILLISECONDS = 4;

/**
 * Shares the event loop among sessions that have commands to answer. Clients send thousands of commands in one packet, and answering
 * them without a pause keeps everything else waiting. When the budget of a tick is spent, sessions wait in line, and each following
 * tick lets one go on: the more sessions send without end, the longer each of them waits, but nothing else does.
 */
export class TickBudget {
  readonly #now: () => number;
  /** When answering began in this tick; undefined: not yet. */
  #began: number | undefined;
  readonly #waiting: (() => void)[] = [];

  /** @param now milliseconds that never go back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether a session must call `next` before it answers another command. */
  get spent(): boolean {
    if (this.#began === undefined) {
      this.#began = this.#now();
      setImmediate(this.#tick);
      return false;
    }
    return this.#now() - this.#began >= TICK_MILLISECONDS;
  }

  /** Resolves in a later tick, for the one that has waited longest first. */
  next(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    return promise;
  }

  readonly #tick = (): void => {
    const next = this.#waiting.shift();
    this.#began = next === undefined ? undefined : this.#now();
    if (next === undefined) return;
    setImmediate(this.#tick);
    next();
  };
}
