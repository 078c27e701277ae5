import type { Cancel, Clock } from "../../../src/common/clock.ts";

/** A clock that advances only when a test advances it. */
export class ManualClock implements Clock {
  #now = Date.parse("2026-06-01T00:00:00Z");
  #timers = new Set<{ at: number; action: () => void }>();

  now(): number {
    return this.#now;
  }

  schedule(milliseconds: number, action: () => void): Cancel {
    const timer = { at: this.#now + milliseconds, action };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Returns the time in milliseconds until the next timer fires, or infinity without timers. */
  get untilNext(): number {
    return Math.min(...Array.from(this.#timers, ({ at }) => at - this.#now));
  }

  /** Sets the wall-clock time. Does not affect timers, because timers use a monotonic clock. */
  set(milliseconds: number): void {
    for (const timer of this.#timers) timer.at += milliseconds;
    this.#now += milliseconds;
  }

  /** Advances the time and fires the due timers in order. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#now = due.at;
      due.action();
    }
    this.#now = end;
  }
}
