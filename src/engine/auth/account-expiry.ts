import type { EngineUser } from "../../api/engine-config.ts";
import { type Cancel, type Clock, nothingToCancel } from "../../common/clock.ts";

/** Time in milliseconds between two checks. */
const PERIOD = 1000;

/**
 * Calls a function every second while at least one account has an expiry time. A single timer would be insufficient,
 * because the system clock can change. In addition, the maximum delay of a timer is 24.8 days.
 */
export class AccountExpiryTimer {
  readonly #clock: Clock;
  readonly #check: () => void;
  #cancel: Cancel = nothingToCancel;

  constructor(clock: Clock, check: () => void) {
    this.#clock = clock;
    this.#check = check;
  }

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
