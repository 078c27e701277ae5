import { statfs } from "node:fs/promises";

/**
 * File system types (statfs(2)) on which calls cannot wait forever: ext2 to ext4, XFS, Btrfs, F2FS, ZFS, overlayfs and
 * tmpfs.
 */
const LOCAL = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1, 0x794c7630, 0x01021994]);

/**
 * Maximum average duration of synchronous calls in milliseconds. A slower call would block other sessions for longer
 * than the overhead of a call on a thread.
 */
const SLOW_AVERAGE = 0.25;
/** Maximum duration in milliseconds of a synchronous call or a batch of synchronous calls. */
const SLOW_CALL = 20;
/** Number of recent calls that the average duration covers. */
const AVERAGED_CALLS = 32;
/**
 * Initial and maximum time in milliseconds for which calls use threads after a slow call. The time doubles while calls
 * remain slow. The initial time is short, because another program that uses the CPU can also cause a slow call.
 */
export const FIRST_PAUSE = 100;
export const MAX_PAUSE = 10_000;

/** Time in milliseconds during which the last known usage remains valid. In such a short time, the thread seldom sleeps. */
const USAGE_AGE = 0.02;
/** Time in milliseconds after which the usage is read again, even between consecutive calls. */
const MAX_USAGE_AGE = 1;
/**
 * Maximum interval in milliseconds at which the kernel updates the CPU time of a thread. The measured CPU time of a
 * call can therefore include up to this amount of CPU time from before the call.
 */
const TIMER_TICK = 10;

/** Usage of the CPU by the thread that makes the calls. */
export interface ThreadUsage {
  /** Number of times that the kernel suspended the thread because the thread waited, for example for a disk. */
  voluntary: number;
  /**
   * Number of times that the kernel suspended the thread because another thread used the CPU, or because the pod
   * reached its CPU limit.
   */
  involuntary: number;
  /** CPU time of the thread in milliseconds, including system calls. */
  cpuTime: number;
}

/** Returns the usage of the thread. Returns undefined if the usage is unknown. */
export type ReadUsage = () => ThreadUsage | undefined;

/**
 * Decides whether calls to a volume run synchronously or on a thread. A call that does not wait for a disk takes a few
 * microseconds. The same call on a thread takes ten times as long. However, a synchronous call that waits for a disk
 * blocks all sessions. The scheduler therefore measures the duration of calls, and uses threads for some time after
 * slow calls. If a call waited only for a CPU, its CPU time counts instead of its duration, because a thread would wait
 * for the CPU too. Calls to network volumes always use threads, because such calls can wait forever. Measurements are in
 * docs/contributing/decisions/0003.
 */
export class IoScheduler {
  /** Whether the file system of the volume is local. */
  readonly isLocal: boolean;
  #average = 0;
  #slowUntil = Number.NEGATIVE_INFINITY;
  #pause = FIRST_PAUSE;
  #ended = Number.NEGATIVE_INFINITY;
  #usage: ThreadUsage | undefined;
  /** Time of the last known usage. */
  #usageAt = 0;
  readonly #now: () => number;
  readonly #readUsage: ReadUsage;

  /** @param now returns milliseconds from a monotonic clock */
  constructor(isLocal: boolean, readUsage: ReadUsage = () => undefined, now = () => performance.now()) {
    this.isLocal = isLocal;
    this.#readUsage = readUsage;
    this.#now = now;
  }

  /** Returns a scheduler for the volume that contains a directory. */
  static async forVolume(path: string, readUsage?: ReadUsage): Promise<IoScheduler> {
    const { type } = await statfs(path);
    return new IoScheduler(LOCAL.has(type), readUsage);
  }

  get isFast(): boolean {
    return this.isLocal && this.#slowUntil <= this.#now();
  }

  /** Makes a call, synchronously if the volume is fast. Not async, because an async function allocates more memory. */
  call<T>(atOnce: () => T, onThread: () => Promise<T>): Promise<T> {
    const began = this.#begin();
    try {
      return began === undefined ? onThread() : Promise.resolve(atOnce());
    } catch (error) {
      return Promise.reject(error);
    } finally {
      if (began !== undefined) this.#took(began, 1);
    }
  }

  /**
   * Makes a synchronous call if the volume is fast, and otherwise returns undefined.
   * @param calls expected duration of this call, as a multiple of an average call
   */
  ifFast<T>(calls: number, atOnce: () => T): T | undefined {
    const began = this.#begin();
    if (began === undefined) return undefined;
    const result = atOnce();
    this.#took(began, calls);
    return result;
  }

  /**
   * Makes one call for each item. Makes the calls synchronously until the maximum duration is reached, and the
   * remaining calls on threads.
   */
  async forEach<T, R>(
    items: readonly T[],
    atOnce: (item: T) => R,
    onThread: (item: T) => Promise<R>,
  ): Promise<R[]> {
    const results: R[] = [];
    const began = items.length > 0 ? this.#begin() : undefined;
    if (began !== undefined) {
      for (const item of items) {
        results.push(atOnce(item));
        if (this.#now() - began > SLOW_CALL) break;
      }
      this.#took(began, results.length);
    }
    const rest = items.slice(results.length);
    return rest.length === 0 ? results : [...results, ...(await Promise.all(rest.map(onThread)))];
  }

  /** Returns the start time of a synchronous call, or undefined if the call must use a thread. */
  #begin(): number | undefined {
    const now = this.#now();
    if (!this.isLocal || this.#slowUntil > now) return undefined;
    if (now - this.#ended > USAGE_AGE || now - this.#usageAt > MAX_USAGE_AGE) this.#updateUsage(now);
    return now;
  }

  #took(began: number, calls: number): void {
    const ended = this.#now();
    this.#ended = ended;
    const elapsed = ended - began;
    const isSlow = elapsed >= SLOW_CALL || elapsed / calls >= SLOW_AVERAGE;
    const cpuTime = isSlow ? this.#withoutWaitForCpu(began, ended) : undefined;
    if (cpuTime !== undefined && cpuTime <= TIMER_TICK) return;
    const used = Math.min(elapsed, cpuTime ?? elapsed);
    const duration = cpuTime === undefined ? elapsed : Math.min(elapsed, cpuTime - TIMER_TICK);
    const weight = Math.min(calls, AVERAGED_CALLS) / AVERAGED_CALLS;
    this.#average += (duration / calls - this.#average) * weight;
    if (used < SLOW_CALL && this.#average < SLOW_AVERAGE) {
      if (ended - this.#slowUntil > this.#pause) this.#pause = FIRST_PAUSE;
      return;
    }
    this.#average = 0;
    this.#slowUntil = ended + this.#pause;
    this.#pause = Math.min(2 * this.#pause, MAX_PAUSE);
  }

  /**
   * Returns the CPU time of a call if the kernel suspended the thread during the call, but never to wait for a disk.
   * Otherwise returns undefined. The last known usage can be older than the call. The result therefore excludes the
   * time from this reading to the start of the call.
   */
  #withoutWaitForCpu(began: number, ended: number): number | undefined {
    const before = this.#usage;
    const earlier = began - this.#usageAt;
    const after = this.#updateUsage(ended);
    if (before === undefined || after === undefined) return undefined;
    if (after.voluntary !== before.voluntary || after.involuntary === before.involuntary) return undefined;
    return Math.max(0, after.cpuTime - before.cpuTime - earlier);
  }

  #updateUsage(now: number): ThreadUsage | undefined {
    this.#usageAt = now;
    this.#usage = this.#readUsage();
    return this.#usage;
  }
}
