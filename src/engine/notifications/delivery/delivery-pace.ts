import { BUSY_REQUEST_PERIOD, MAX_DEFERRAL } from "../limits.ts";

/** Time in milliseconds between two measurements of the event loop. */
const MEASURE_PERIOD = 50;
/** Event-loop utilization above which deliveries wait for transfers. */
const BUSY_UTILIZATION = 0.8;
/** Number of writes to the log per measurement that indicates many transfers. */
const BUSY_WRITES = 5;

/** Event-loop times (see `performance.eventLoopUtilization`). */
export interface LoopTimes {
  now(): number;
  /** Returns the utilization of the event loop since the previous call, from 0 to 1. */
  utilization(): number;
}

/** Returns the event-loop times of this thread. */
function eventLoopTimes(): LoopTimes {
  let before = performance.eventLoopUtilization();
  return {
    now: () => performance.now(),
    utilization() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
  };
}

/**
 * Defers deliveries while many transfers saturate the event loop, so that notifications do not slow down a burst of
 * uploads. A delivery of old events without new transfers runs at full speed.
 */
export class DeliveryPace {
  readonly #times: LoopTimes;
  #measuredAt: number;
  #startedAt = -Infinity;
  #writes = 0;
  #isBusy = false;

  constructor(times: LoopTimes = eventLoopTimes()) {
    this.#times = times;
    this.#measuredAt = times.now();
  }

  /** Called after each write of new events to the log. */
  written(): void {
    this.#writes += 1;
  }

  /** Called when a request starts. */
  started(): void {
    this.#startedAt = this.#times.now();
  }

  /**
   * Returns the time in milliseconds until the next request can start.
   * @param oldestAge age of the oldest undelivered event in milliseconds
   */
  wait(oldestAge: number): number {
    const now = this.#times.now();
    if (now - this.#measuredAt >= MEASURE_PERIOD) {
      const utilization = this.#times.utilization();
      this.#isBusy = this.#writes >= BUSY_WRITES && utilization > BUSY_UTILIZATION;
      this.#measuredAt = now;
      this.#writes = 0;
    }
    if (!this.#isBusy || oldestAge > MAX_DEFERRAL) return 0;
    return Math.max(0, this.#startedAt + BUSY_REQUEST_PERIOD - now);
  }
}
