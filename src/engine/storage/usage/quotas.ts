import type { EngineQuota } from "../../../api/engine-config.ts";
import type { AccountWithHome } from "../../auth/account.ts";
import type { Authenticator } from "../../auth/authenticator.ts";
import type { Clock } from "../../../common/clock.ts";
import { Semaphore } from "../../../common/semaphore.ts";
import { componentsOf } from "../local/contained.ts";
import type { Storage } from "../storage.ts";
import { HomeUsage } from "./home-usage.ts";
import { QuotaStorage } from "./quota-storage.ts";

/** Of an account that is gone: what still runs for it stores nothing more. */
const NOTHING: EngineQuota = { bytes: 0, files: 0 };

/** The quotas of all users. Users with one home share its usage, whatever the quota of each. */
export class Quotas {
  readonly #clock: Clock;
  readonly #accounts: Pick<Authenticator, "current">;
  readonly #closing = new AbortController();
  readonly #semaphore = new Semaphore(1);
  /** By home; small, and only for homes of accounts. */
  readonly #usage = new Map<string, HomeUsage>();

  constructor(clock: Clock, accounts: Pick<Authenticator, "current">) {
    this.#clock = clock;
    this.#accounts = accounts;
  }

  /** A home in which its user's quota holds, as it is at each moment. */
  enforcedOn(storage: Storage, { name, homeDirectory }: AccountWithHome): Storage {
    const home = componentsOf(homeDirectory).join("/");
    const usage =
      this.#usage.get(home) ??
      new HomeUsage(this.#clock, { semaphore: this.#semaphore, signal: this.#closing.signal });
    this.#usage.set(home, usage);
    const quota = (): EngineQuota => this.#accounts.current(name)?.quota ?? NOTHING;
    return new QuotaStorage(storage, usage, quota);
  }

  /** Ends counts that run. */
  close(): void {
    this.#closing.abort();
  }
}
