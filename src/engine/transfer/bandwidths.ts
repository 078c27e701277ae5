import type { Authenticator } from "../auth/auth.ts";
import type { Clock } from "../../common/clock.ts";
import { Bandwidth } from "./bandwidth.ts";

const LIMITS = { Upload: "uploadBytesPerSecond", Download: "downloadBytesPerSecond" } as const;

/** The limits of all users; each is one for all sessions of its user. Kept for every user that ever moved a file: names of accounts only. */
export class Bandwidths {
  readonly #clock: Clock;
  readonly #accounts: Pick<Authenticator, "current">;
  readonly #byUser = new Map<string, Bandwidth>();

  constructor(clock: Clock, accounts: Pick<Authenticator, "current">) {
    this.#clock = clock;
    this.#accounts = accounts;
  }

  of(user: string, direction: keyof typeof LIMITS): Bandwidth {
    const key = `${direction} ${user}`;
    const bandwidth = this.#byUser.get(key) ?? new Bandwidth(this.#clock, this.#rateOf(user, direction));
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
