/** Less than this may be the way of an answer, or a process that was busy; more is a clock that is wrong. */
const TOLERANCE_MILLISECONDS = 30_000;

/**
 * The API server's clock, by the Date header of its answers (RFC 9110, section 6.6.1). What is written is read beside the API
 * server's own times and by operators on other machines, so a wrong clock of this machine must not show in it.
 */
export class ServerClock {
  /** How far the server's clock is before ours, in milliseconds; 0 where both agree. */
  #ahead = 0;

  /** @param date of an answer that has just come */
  heard(date: string | undefined): void {
    const time = Date.parse(date ?? "");
    if (Number.isNaN(time)) return;
    const ahead = time - Date.now();
    this.#ahead = Math.abs(ahead) < TOLERANCE_MILLISECONDS ? 0 : ahead;
  }

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  /** Seconds by which this machine's clock is wrong: positive when it is ahead of the server's, 0 where both agree. */
  get errorSeconds(): number {
    return Math.round(-this.#ahead / 1000) || 0;
  }
}
