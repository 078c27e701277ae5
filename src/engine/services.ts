import type { EngineConfig } from "../api/engine-config.ts";
import type { Clock } from "../common/clock.ts";
import { Semaphore } from "../common/semaphore.ts";
import { TickBudget } from "../common/tick-budget.ts";
import { NO_ACCESS } from "./auth/access-rules.ts";
import { type Account, type AccountWithHome, hasHome } from "./auth/account.ts";
import type { Authenticator } from "./auth/authenticator.ts";
import { FailedLogins } from "./auth/failed-logins.ts";
import type { ClientKeys } from "./client-address.ts";
import type { EngineObserver, Log } from "./observer.ts";
import type { PassivePorts } from "./passive/passive-ports.ts";
import { JOB_SLICE_MILLISECONDS } from "./session/background-job.ts";
import type { EngineContext } from "./session/engine-context.ts";
import { GuardedStorage } from "./storage/guarded-storage.ts";
import type { KernelCopy } from "./storage/local/system/kernel-copy.ts";
import { NoFiles } from "./storage/no-files.ts";
import type { Storage } from "./storage/storage.ts";
import { Quotas } from "./storage/usage/quotas.ts";
import type { OpenLedger } from "./storage/usage/usage-ledger.ts";
import type { TlsLayer } from "./tls/tls-layer.ts";
import { BandwidthLimits } from "./transfer/bandwidth.ts";
import { BufferBudget } from "./transfer/buffer-budget.ts";

/** Maximum number of running checksums. Each is as much work for the one main thread as several downloads. */
export const MAX_CHECKSUMS = 2;

/** Maximum number of running copies, because transfers use the volume too. */
export const MAX_COPIES = 2;

/**
 * Number of sessions that process one more command in a tick whose budget for commands is spent. The budget also runs while
 * transfers use the tick. Otherwise hundreds of sessions would wait a tick for each command.
 */
const COMMANDS_IN_A_TICK = 16;

export interface ServicesOptions {
  config: EngineConfig;
  clients: ClientKeys;
  passive: PassivePorts;
  /** Returns the number of sessions of a user. */
  sessionsOf(this: void, user: string): number;
  /** Opens a home directory. The home records its changes in a ledger that `openLedger` opens. */
  openHome(this: void, account: AccountWithHome, openLedger: OpenLedger): Promise<Storage>;
  authenticator: Authenticator;
  /** Undefined: plain FTP only. */
  tls?: TlsLayer | undefined;
  /** Undefined: transfers are copied through this process. */
  kernelCopy?: KernelCopy | undefined;
  log: Log;
  observer: EngineObserver;
  clock: Clock;
}

/** The configuration and everything that all sessions share. */
export class EngineServices implements EngineContext {
  readonly passive: PassivePorts;
  readonly sessionsOf: (user: string) => number;
  readonly authenticator: Authenticator;
  readonly failedLogins: FailedLogins;
  readonly observer: EngineObserver;
  readonly log: Log;
  readonly clock: Clock;
  readonly kernelCopy: KernelCopy | undefined;
  readonly buffers = new BufferBudget();
  readonly ticks = new TickBudget(COMMANDS_IN_A_TICK);
  readonly transferTicks = new TickBudget();
  readonly bandwidths: BandwidthLimits;
  readonly checksums = new Semaphore(MAX_CHECKSUMS, { sliceMilliseconds: JOB_SLICE_MILLISECONDS });
  readonly copies = new Semaphore(MAX_COPIES, { sliceMilliseconds: JOB_SLICE_MILLISECONDS });
  draining = false;
  readonly #openHome: ServicesOptions["openHome"];
  readonly #quotas: Quotas;
  #config: EngineConfig;
  #clients: ClientKeys;
  #tls: TlsLayer | undefined;

  constructor(options: ServicesOptions) {
    const { authenticator, clock } = options;
    this.#config = options.config;
    this.#clients = options.clients;
    this.#tls = options.tls;
    this.#openHome = options.openHome;
    this.#quotas = new Quotas(clock, authenticator);
    this.kernelCopy = options.kernelCopy;
    this.passive = options.passive;
    this.sessionsOf = options.sessionsOf;
    this.authenticator = authenticator;
    this.log = options.log;
    this.observer = options.observer;
    this.clock = clock;
    this.bandwidths = new BandwidthLimits(clock, authenticator);
    this.failedLogins = new FailedLogins(clock, () => this.#config.limits.failedLogins);
  }

  get config(): EngineConfig {
    return this.#config;
  }

  get clients(): ClientKeys {
    return this.#clients;
  }

  get tls(): TlsLayer | undefined {
    return this.#tls;
  }

  reconfigure(config: EngineConfig, clients: ClientKeys, tls: TlsLayer | undefined): void {
    this.#config = config;
    this.#clients = clients;
    this.#tls = tls;
  }

  async openHome(account: Account): Promise<GuardedStorage> {
    const storage = hasHome(account)
      ? await this.#openHome(account, this.#quotas.ledgerOf(account))
      : new NoFiles();
    return new GuardedStorage(storage, () => this.authenticator.current(account.name)?.access ?? NO_ACCESS);
  }

  /** Ends counts of usage that run. */
  close(): void {
    this.#quotas.close();
  }
}
