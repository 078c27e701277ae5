import type { Clock } from "../../../common/clock.ts";
import { BURST_EVENTS, MAX_DEFERRAL } from "../limits.ts";

/** Defers new events during a burst, so that their delivery does not take CPU time from the transfers in the burst. */
export class DeliveryPace {
  readonly #clock: Clock;
  /** Number of new events in this period. */
  #events = 0;
  #deferredSince: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isDeferred(): boolean {
    return this.#deferredSince !== undefined;
  }

  /** Counts new events. */
  added(events: number): void {
    this.#events += events;
  }

  /**
   * Ends a period. New events remain deferred while many events arrive.
   * @param oldest time of the oldest undelivered event in milliseconds since the epoch
   */
  endPeriod(oldest: number | undefined): void {
    const now = this.#clock.now();
    const since = this.#deferredSince ?? now;
    const isBurst = this.#events >= BURST_EVENTS && now - Math.min(since, oldest ?? now) < MAX_DEFERRAL;
    this.#deferredSince = isBurst ? since : undefined;
    this.#events = 0;
  }
}
