import { nothingToCancel, type Clock } from "../../common/clock.ts";
import type { Authenticator } from "../auth/authenticator.ts";

/** Bytes are let through in slices of a tenth of a second at most, so that transfers take turns often. */
const SLICES_PER_SECOND = 10;
/** No larger than what every transfer has at hand, or those with large buffers would get more. Bytes. */
const MAX_SLICE = 16 * 1024;
/** What time that was not used may count for, in seconds: a timer that comes late costs nothing. */
const MAX_BURST_SECONDS = 0.2;
/** How long one may wait without a look at the limit, which may have changed, and at the transfers. Milliseconds. */
const LOOK_PERIOD = 100;

/** Asked now and then while a transfer waits: whether it still goes on. To wait is no stall, which it may tell. */
export type ContinueCheck = () => boolean;

interface Waiting {
  bytes: number;
  wanted: ContinueCheck;
  resolve(): void;
}

/**
 * A limit in bytes per second that transfers share: a token bucket. Who asks gets one slice after the other and queues up anew
 * for each, so that all get the same, however much each asks for.
 */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #rate: () => number | undefined;
  /** Bytes that may move now. Below zero: the last slice is not paid off. */
  #credit = 1;
  /** When the credit was reckoned. */
  #at: number;
  #queue: Waiting[] = [];
  #cancel = nothingToCancel;

  /** @param rate bytes per second, asked anew each time, as it may change; undefined: no limit */
  constructor(clock: Clock, rate: () => number | undefined) {
    this.#clock = clock;
    this.#rate = rate;
    this.#at = clock.now();
  }

  get limited(): boolean {
    return this.#rate() !== undefined;
  }

  /** Lets a part of at most `bytes` through. @returns how much; all of it once the transfer is over or there is no limit */
  async slice(bytes: number, wanted: ContinueCheck): Promise<number> {
    const rate = this.#rate();
    if (rate === undefined || !wanted()) return bytes;
    const slice = Math.min(bytes, sliceOf(rate));
    await new Promise<void>((resolve) => {
      this.#queue.push({ bytes: slice, wanted, resolve });
      if (this.#queue.length === 1) this.#serve();
    });
    return slice;
  }

  /** Lets them all through. */
  async all(bytes: number, wanted: ContinueCheck): Promise<void> {
    for (let left = bytes; left > 0; ) left -= await this.slice(left, wanted);
  }

  #serve(): void {
    this.#cancel();
    const rate = this.#rate();
    if (rate === undefined) {
      for (const waiting of this.#queue.splice(0)) waiting.resolve();
      return;
    }
    this.#reckon(rate);
    for (let next = this.#queue[0]; next !== undefined && this.#credit > 0; next = this.#queue[0]) {
      this.#queue.shift();
      this.#credit -= next.bytes;
      next.resolve();
    }
    if (this.#queue.length === 0) return;
    const debt = Math.ceil(((1 - this.#credit) / rate) * 1000);
    this.#cancel = this.#clock.schedule(Math.min(debt, LOOK_PERIOD), () => this.#look());
  }

  #look(): void {
    const wanted = Map.groupBy(this.#queue, (waiting) => waiting.wanted());
    this.#queue = wanted.get(true) ?? [];
    for (const waiting of wanted.get(false) ?? []) waiting.resolve();
    this.#serve();
  }

  #reckon(rate: number): void {
    const now = this.#clock.now();
    const earned = (Math.max(0, now - this.#at) / 1000) * rate;
    // Debts of a higher limit are forgiven when it is lowered, or nothing would move for long.
    const credit = Math.max(this.#credit, -sliceOf(rate));
    this.#credit = Math.min(credit + earned, Math.max(1, rate * MAX_BURST_SECONDS));
    this.#at = now;
  }
}

function sliceOf(rate: number): number {
  return Math.min(MAX_SLICE, Math.ceil(rate / SLICES_PER_SECOND));
}

/**
 * Paces an upload by the bytes that it receives or by those that it stores, whichever are more: MODE Z can decompress a few bytes
 * to a thousand times as many.
 */
export class UploadPacer {
  #received = 0;
  #stored = 0;
  #paced = 0;
  readonly #bandwidth: TokenBucket;
  readonly #wanted: ContinueCheck;

  constructor(bandwidth: TokenBucket, wanted: ContinueCheck) {
    this.#bandwidth = bandwidth;
    this.#wanted = wanted;
  }

  /** Resolves when so many more bytes of the data connection may be used. */
  async receive(bytes: number): Promise<void> {
    this.#received += bytes;
    await this.#wait();
  }

  /** Resolves when so many more bytes may be stored. */
  async store(bytes: number): Promise<void> {
    this.#stored += bytes;
    await this.#wait();
  }

  async #wait(): Promise<void> {
    const counted = Math.max(this.#received, this.#stored);
    const bytes = counted - this.#paced;
    this.#paced = counted;
    if (this.#bandwidth.limited) await this.#bandwidth.all(bytes, this.#wanted);
  }
}

/** Chunks, cut into slices, at the speed of a limit. Without one they go through as they are. */
export async function* pacedChunks(
  chunks: AsyncIterable<Uint8Array>,
  bandwidth: TokenBucket,
  wanted: ContinueCheck,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; ) {
      const length = bandwidth.limited
        ? await bandwidth.slice(chunk.length - start, wanted)
        : chunk.length - start;
      yield chunk.subarray(start, start + length);
      start += length;
    }
  }
}

const LIMITS = { Upload: "uploadBytesPerSecond", Download: "downloadBytesPerSecond" } as const;

/** The limits of all users; each is one for all sessions of its user. Kept for every user that ever moved a file: names of accounts only. */
export class BandwidthLimits {
  readonly #clock: Clock;
  readonly #accounts: Pick<Authenticator, "current">;
  readonly #byUser = new Map<string, TokenBucket>();

  constructor(clock: Clock, accounts: Pick<Authenticator, "current">) {
    this.#clock = clock;
    this.#accounts = accounts;
  }

  of(user: string, direction: keyof typeof LIMITS): TokenBucket {
    const key = `${direction} ${user}`;
    const bandwidth = this.#byUser.get(key) ?? new TokenBucket(this.#clock, this.#rateOf(user, direction));
    this.#byUser.set(key, bandwidth);
    return bandwidth;
  }

  /** The limit of this moment. Of an account that is gone it is the last one: what still runs for it must not become faster. */
  #rateOf(user: string, direction: keyof typeof LIMITS): () => number | undefined {
    let limits = this.#accounts.current(user)?.limits;
    return () => {
      limits = this.#accounts.current(user)?.limits ?? limits;
      return limits?.[LIMITS[direction]];
    };
  }
}
