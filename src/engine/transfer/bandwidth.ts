import { nothingToCancel, type Clock } from "../../common/clock.ts";
import type { Authenticator } from "../auth/authenticator.ts";

/**
 * Minimum number of slices per second. A slice contains at most the bytes for a tenth of a second, so that transfers
 * alternate often.
 */
const SLICES_PER_SECOND = 10;
/**
 * Maximum size of a slice in bytes. Every transfer has a buffer of at least this size, so all transfers receive the
 * same share of the rate.
 */
const MAX_SLICE = 16 * 1024;
/** Maximum idle time in seconds for which a limit adds credit, so that a late timer does not reduce the rate. */
const MAX_BURST_SECONDS = 0.2;
/** Maximum time in milliseconds between two checks of the rate and of the waiting transfers. */
const CHECK_PERIOD = 100;

/**
 * Returns whether a waiting transfer must continue to wait. Called periodically during the wait, so that the engine
 * does not report the wait as a stall.
 */
export type ContinueCheck = () => boolean;

interface Waiting {
  bytes: number;
  shouldContinue: ContinueCheck;
  resolve(): void;
}

/**
 * Limits the combined rate of several transfers in bytes per second. Transfers queue again for each slice, so all
 * transfers receive the same share of the rate.
 */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #rate: () => number | undefined;
  /**
   * Number of bytes that the limit permits immediately. The value is negative after a slice that exceeded the credit.
   */
  #credit = 1;
  /** Time at which the credit was last updated. */
  #at: number;
  #queue: Waiting[] = [];
  #cancel = nothingToCancel;

  /** @param rate returns the current limit in bytes per second, or undefined for no limit */
  constructor(clock: Clock, rate: () => number | undefined) {
    this.#clock = clock;
    this.#rate = rate;
    this.#at = clock.now();
  }

  get isLimited(): boolean {
    return this.#rate() !== undefined;
  }

  /**
   * Waits for a slice of at most `bytes`.
   * @returns size of the slice; `bytes` without a limit or when the transfer has ended
   */
  async slice(bytes: number, shouldContinue: ContinueCheck): Promise<number> {
    const rate = this.#rate();
    if (rate === undefined || !shouldContinue()) return bytes;
    const slice = Math.min(bytes, sliceOf(rate));
    await new Promise<void>((resolve) => {
      this.#queue.push({ bytes: slice, shouldContinue, resolve });
      if (this.#queue.length === 1) this.#serve();
    });
    return slice;
  }

  /** Waits until the limit permits the transfer of all bytes. */
  async all(bytes: number, shouldContinue: ContinueCheck): Promise<void> {
    for (let left = bytes; left > 0; ) left -= await this.slice(left, shouldContinue);
  }

  #serve(): void {
    this.#cancel();
    const rate = this.#rate();
    if (rate === undefined) {
      for (const waiting of this.#queue.splice(0)) waiting.resolve();
      return;
    }
    this.#updateCredit(rate);
    for (let next = this.#queue[0]; next !== undefined && this.#credit > 0; next = this.#queue[0]) {
      this.#queue.shift();
      this.#credit -= next.bytes;
      next.resolve();
    }
    if (this.#queue.length === 0) return;
    const debt = Math.ceil(((1 - this.#credit) / rate) * 1000);
    this.#cancel = this.#clock.schedule(Math.min(debt, CHECK_PERIOD), () => this.#check());
  }

  #check(): void {
    const groups = Map.groupBy(this.#queue, (waiting) => waiting.shouldContinue());
    this.#queue = groups.get(true) ?? [];
    for (const waiting of groups.get(false) ?? []) waiting.resolve();
    this.#serve();
  }

  #updateCredit(rate: number): void {
    const now = this.#clock.now();
    const earned = (Math.max(0, now - this.#at) / 1000) * rate;
    // Without the lower bound, a slice at a higher previous rate could leave a debt that blocks transfers for a long
    // time.
    const credit = Math.max(this.#credit, -sliceOf(rate));
    this.#credit = Math.min(credit + earned, Math.max(1, rate * MAX_BURST_SECONDS));
    this.#at = now;
  }
}

function sliceOf(rate: number): number {
  return Math.min(MAX_SLICE, Math.ceil(rate / SLICES_PER_SECOND));
}

/**
 * Applies the limit to the number of received bytes or the number of stored bytes, whichever is higher. Decompression
 * in MODE Z can multiply the number of bytes by 1000.
 */
export class UploadPacer {
  #received = 0;
  #stored = 0;
  #paced = 0;
  readonly #bandwidth: TokenBucket;
  readonly #shouldContinue: ContinueCheck;

  constructor(bandwidth: TokenBucket, shouldContinue: ContinueCheck) {
    this.#bandwidth = bandwidth;
    this.#shouldContinue = shouldContinue;
  }

  /** Waits until the limit permits processing more received bytes. Returns undefined without a limit. */
  receive(bytes: number): Promise<void> | undefined {
    this.#received += bytes;
    return this.#wait();
  }

  /** Waits until the limit permits storing more bytes. Returns undefined without a limit. */
  store(bytes: number): Promise<void> | undefined {
    this.#stored += bytes;
    return this.#wait();
  }

  #wait(): Promise<void> | undefined {
    const counted = Math.max(this.#received, this.#stored);
    const bytes = counted - this.#paced;
    this.#paced = counted;
    return this.#bandwidth.isLimited ? this.#bandwidth.all(bytes, this.#shouldContinue) : undefined;
  }
}

/** Yields the bytes of chunks in slices at the limited rate. Without a limit, yields chunks unchanged. */
export async function* pacedChunks(
  chunks: AsyncIterable<Uint8Array>,
  bandwidth: TokenBucket,
  shouldContinue: ContinueCheck,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; ) {
      const length = bandwidth.isLimited
        ? await bandwidth.slice(chunk.length - start, shouldContinue)
        : chunk.length - start;
      yield chunk.subarray(start, start + length);
      start += length;
    }
  }
}

const LIMITS = { Upload: "uploadBytesPerSecond", Download: "downloadBytesPerSecond" } as const;

/** Bandwidth limits of all users. A user's sessions share one limit per direction. */
export class BandwidthLimits {
  readonly #clock: Clock;
  readonly #accounts: Pick<Authenticator, "current">;
  readonly #byUser = new Map<string, TokenBucket>();

  constructor(clock: Clock, accounts: Pick<Authenticator, "current">) {
    this.#clock = clock;
    this.#accounts = accounts;
  }

  /**
   * Returns the limit for a user. Entries remain until the engine exits. Each account has at most one entry per
   * direction.
   */
  of(user: string, direction: keyof typeof LIMITS): TokenBucket {
    const key = `${direction} ${user}`;
    const bandwidth = this.#byUser.get(key) ?? new TokenBucket(this.#clock, this.#rateOf(user, direction));
    this.#byUser.set(key, bandwidth);
    return bandwidth;
  }

  /**
   * Returns a function that returns a user's current rate. A removed account keeps its last rate, so that the limit for
   * running transfers remains in effect.
   */
  #rateOf(user: string, direction: keyof typeof LIMITS): () => number | undefined {
    let limits = this.#accounts.current(user)?.limits;
    return () => {
      limits = this.#accounts.current(user)?.limits ?? limits;
      return limits?.[LIMITS[direction]];
    };
  }
}
