import type { EngineQuota } from "../../../api/engine-config.ts";
import type { Clock } from "../../../common/clock.ts";
import { Semaphore } from "../../../common/semaphore.ts";
import { componentsOf } from "../path.ts";
import { HomeUsage } from "./home-usage.ts";
import { QuotaLedger } from "./quota-ledger.ts";
import type { OpenLedger } from "./usage-ledger.ts";

interface Account {
  name: string;
  homeDirectory: string;
}

/** Looks up the current quota of an account. */
interface Accounts {
  current(name: string): { quota?: EngineQuota | undefined } | undefined;
}

/** Quota of 0 for a removed account, so that its running uploads cannot store more data. */
const NOTHING: EngineQuota = { bytes: 0, files: 0 };

/** Quotas for all accounts. Accounts with the same home share its usage, but each account has a separate quota. */
export class Quotas {
  readonly #clock: Clock;
  readonly #accounts: Accounts;
  readonly #closing = new AbortController();
  readonly #semaphore = new Semaphore(1);
  /** Usage of the homes, keyed by home directory. */
  readonly #usage = new Map<string, HomeUsage>();

  constructor(clock: Clock, accounts: Accounts) {
    this.#clock = clock;
    this.#accounts = accounts;
  }

  /** Returns the function that opens the usage ledger for an account's home. */
  ledgerOf({ name, homeDirectory }: Account): OpenLedger {
    const home = componentsOf(homeDirectory).join("/");
    const usage =
      this.#usage.get(home) ??
      new HomeUsage(this.#clock, { semaphore: this.#semaphore, signal: this.#closing.signal });
    this.#usage.set(home, usage);
    const quota = (): EngineQuota => this.#accounts.current(name)?.quota ?? NOTHING;
    return (storage) => new QuotaLedger(storage, usage, quota);
  }

  /** Aborts running counts. */
  close(): void {
    this.#closing.abort();
  }
}
