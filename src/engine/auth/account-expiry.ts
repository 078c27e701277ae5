import type { EngineUser } from "../../api/engine-config.ts";
import { type Cancel, type Clock, nothingToCancel } from "../../common/clock.ts";

/** Time between two checks, in milliseconds. */
const PERIOD = 1000;

/**
 * Calls a function every second while some account has an expiry time. It does not wait for that time with one timer: the clock may
 * be set in the meantime, and a timer cannot be longer than 24.8 days.
 */
export class AccountExpiryTimer {
  readonly #clock: Clock;
  readonly #check: () => void;
  #cancel: Cancel = nothingToCancel;

  constructor(clock: Clock, check: () => void) {
    this.#clock = clock;
    this.#check = check;
  }

  /** Takes the users of a new configuration. */
  follow(users: readonly EngineUser[]): void {
    this.close();
    if (users.some(({ expiresAt }) => expiresAt !== undefined)) this.#wait();
  }

  close(): void {
    this.#cancel();
    this.#cancel = nothingToCancel;
  }

  #wait(): void {
    this.#cancel = this.#clock.schedule(PERIOD, () => {
      this.#wait();
      this.#check();
    });
  }
}
