import { type BackoffOptions, backoffDelay } from "./retry.ts";

/**
 * Backoff for each key. The first retry is almost immediate, because most failures are conflicts that have already been
 * resolved.
 */
const DEFAULT_QUEUE_BACKOFF: BackoffOptions = { firstMilliseconds: 5, maxMilliseconds: 300_000 };

/**
 * Maximum delay of a timer in milliseconds (2^31 - 1, 24.8 days). Node.js runs a timer with a longer delay immediately.
 */
export const MAX_DELAY_MILLISECONDS = 2_147_483_647;

/** Queue contents that the debug endpoint reports. */
export interface QueueState<K extends string> {
  waiting: { key: K; seconds: number }[];
  processing: K[];
  /** Keys whose delay has not ended. `failures` is the number of consecutive failures. */
  delayed: { key: K; inSeconds: number; failures: number }[];
}

/** Receives notifications about changes to a queue, for metrics. */
export interface QueueObserver {
  added(depth: number): void;
  /** @param waitedSeconds seconds since the key was added */
  taken(depth: number, waitedSeconds: number): void;
  retried(): void;
}

/**
 * Queue of keys with the semantics of the client-go work queue. A key is in the queue at most once. If a key is added
 * while a worker processes this key, the queue adds the key again afterward. Therefore two workers never process the
 * same key at the same time, and no change is lost.
 */
export class WorkQueue<K extends string> {
  /** Waiting keys, each with the time in milliseconds at which the key was first added. */
  readonly #waiting = new Map<K, number>();
  readonly #processing = new Set<K>();
  /** Keys that were added while a worker was processing them. */
  readonly #dirty = new Map<K, number>();
  readonly #timers = new Map<K, { timer: NodeJS.Timeout; at: number }>();
  readonly #failures = new Map<K, number>();
  readonly #getters: ((key: K | undefined) => void)[] = [];
  readonly #backoff: BackoffOptions;
  readonly #observer: QueueObserver;
  #closed = false;

  constructor(observer: QueueObserver, backoff: BackoffOptions = DEFAULT_QUEUE_BACKOFF) {
    this.#observer = observer;
    this.#backoff = backoff;
  }

  add(key: K): void {
    if (this.#closed) return;
    const now = performance.now();
    if (this.#processing.has(key)) {
      if (!this.#dirty.has(key)) this.#dirty.set(key, now);
      return;
    }
    if (this.#waiting.has(key)) return;
    this.#waiting.set(key, now);
    this.#observer.added(this.#waiting.size);
    this.#getters.shift()?.(this.#next());
  }

  /**
   * Adds a key after a delay of at most 24.8 days. When a key has several delays, the shortest remaining delay applies.
   */
  addAfter(key: K, milliseconds: number): void {
    const delay = Math.min(milliseconds, MAX_DELAY_MILLISECONDS);
    const at = performance.now() + delay;
    const known = this.#timers.get(key);
    if (this.#closed || (known !== undefined && known.at <= at)) return;
    clearTimeout(known?.timer);
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.add(key);
    }, delay);
    this.#timers.set(key, { timer, at });
  }

  /**
   * Adds a key after a delay that doubles with each failure since the last call to `forget`.
   * @param minMilliseconds minimum delay, for example from `Retry-After`
   */
  addRateLimited(key: K, minMilliseconds = 0): void {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.#observer.retried();
    this.addAfter(key, Math.max(backoffDelay(this.#backoff, failures), minMilliseconds));
  }

  /** Resets the failure count of a key. */
  forget(key: K): void {
    this.#failures.delete(key);
  }

  /** Waits for a key and marks this key as being processed. Resolves to undefined when the queue is shut down. */
  get(): Promise<K | undefined> {
    if (this.#closed || this.#waiting.size > 0)
      return Promise.resolve(this.#closed ? undefined : this.#next());
    return new Promise((resolve) => this.#getters.push(resolve));
  }

  /** Marks a key as processed. */
  done(key: K): void {
    this.#processing.delete(key);
    const since = this.#dirty.get(key);
    if (since === undefined) return;
    this.#dirty.delete(key);
    this.add(key);
  }

  get state(): QueueState<K> {
    const now = performance.now();
    return {
      waiting: [...this.#waiting].map(([key, since]) => ({ key, seconds: (now - since) / 1000 })),
      processing: [...this.#processing],
      delayed: [...this.#timers].map(([key, { at }]) => ({
        key,
        inSeconds: (at - now) / 1000,
        failures: this.#failures.get(key) ?? 0,
      })),
    };
  }

  /**
   * Discards all waiting and delayed keys, and ignores later additions. Workers finish the keys that they are
   * processing.
   */
  shutDown(): void {
    this.#closed = true;
    this.#waiting.clear();
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    for (const resolve of this.#getters.splice(0)) resolve(undefined);
  }

  #next(): K | undefined {
    const [entry] = this.#waiting;
    if (entry === undefined) return undefined;
    const [key, since] = entry;
    this.#waiting.delete(key);
    this.#processing.add(key);
    this.#observer.taken(this.#waiting.size, (performance.now() - since) / 1000);
    return key;
  }
}
