import { type BackoffOptions, backoffDelay } from "./retry.ts";

/** Of one key; the first retry comes at once, as most failures are conflicts that are over already. */
const DEFAULT_QUEUE_BACKOFF: BackoffOptions = { firstMilliseconds: 5, maxMilliseconds: 300_000 };

/** Longest delay a timer keeps, in milliseconds (2^31 - 1, 24.8 days); a longer one would fire at once. */
export const MAX_DELAY_MILLISECONDS = 2_147_483_647;

/** The keys of a queue, and where they stand. */
export interface QueueState<K extends string> {
  waiting: { key: K; seconds: number }[];
  inWork: K[];
  /** To come again. `failures`: how often in a row it has failed. */
  later: { key: K; inSeconds: number; failures: number }[];
}

/** What a queue tells about itself. */
export interface QueueObserver {
  added(depth: number): void;
  /** @param waitedSeconds from the add to now */
  taken(depth: number, waitedSeconds: number): void;
  retried(): void;
}

/**
 * Keys waiting for work, each at most once. A key that is added while someone works on it comes again afterwards, so one
 * key never has two workers, and no change is lost.
 */
export class WorkQueue<K extends string> {
  /** Waiting, with the time of the first add (milliseconds). */
  readonly #waiting = new Map<K, number>();
  readonly #processing = new Set<K>();
  /** Added while in work. */
  readonly #again = new Map<K, number>();
  readonly #timers = new Map<K, { timer: NodeJS.Timeout; at: number }>();
  readonly #failures = new Map<K, number>();
  readonly #takers: ((key: K | undefined) => void)[] = [];
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
      if (!this.#again.has(key)) this.#again.set(key, now);
      return;
    }
    if (this.#waiting.has(key)) return;
    this.#waiting.set(key, now);
    this.#observer.added(this.#waiting.size);
    this.#takers.shift()?.(this.#next());
  }

  /** Adds a key later, after 24.8 days at most; of several times the earliest counts. */
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
   * Adds a key after a delay that doubles with every failure since the last `forget`.
   * @param atLeastMilliseconds what the server asked us to wait
   */
  addRateLimited(key: K, atLeastMilliseconds = 0): void {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.#observer.retried();
    this.addAfter(key, Math.max(backoffDelay(this.#backoff, failures), atLeastMilliseconds));
  }

  /** The key was worked on without failure. */
  forget(key: K): void {
    this.#failures.delete(key);
  }

  /** Waits for a key and takes it into work; undefined once the queue is closed. */
  take(): Promise<K | undefined> {
    if (this.#closed || this.#waiting.size > 0)
      return Promise.resolve(this.#closed ? undefined : this.#next());
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** Ends the work on a key. */
  done(key: K): void {
    this.#processing.delete(key);
    const since = this.#again.get(key);
    if (since === undefined) return;
    this.#again.delete(key);
    this.add(key);
  }

  /** For people who look for a reason. */
  get state(): QueueState<K> {
    const now = performance.now();
    return {
      waiting: [...this.#waiting].map(([key, since]) => ({ key, seconds: (now - since) / 1000 })),
      inWork: [...this.#processing],
      later: [...this.#timers].map(([key, { at }]) => ({
        key,
        inSeconds: (at - now) / 1000,
        failures: this.#failures.get(key) ?? 0,
      })),
    };
  }

  /** Takers get undefined, and nothing is added any more. Work under way goes on. */
  close(): void {
    this.#closed = true;
    this.#waiting.clear();
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    for (const resolve of this.#takers.splice(0)) resolve(undefined);
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
