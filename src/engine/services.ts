import type { EngineConfig } from "../api/engine-config.ts";
import type { Clock } from "../common/clock.ts";
import { Semaphore } from "../common/semaphore.ts";
import { TickBudget } from "../common/tick-budget.ts";
import { NO_ACCESS } from "./auth/access-rules.ts";
import { type Account, type AccountWithHome, hasHome } from "./auth/account.ts";
import type { Authenticator } from "./auth/authenticator.ts";
import { FailedLogins } from "./auth/failed-logins.ts";
import type { ClientKeys } from "./client-address.ts";
import { type EventRecorder, NO_RECORDER } from "./notifications/event.ts";
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

/** Maximum number of concurrent checksum jobs. One checksum loads the main thread as much as several downloads. */
export const MAX_CHECKSUMS = 2;

/** Maximum number of concurrent copy jobs. The limit is low because transfers use the same volume. */
export const MAX_COPIES = 2;

/** Maximum number of concurrent directory renames in object storage. Each rename sends several requests at a time. */
const MAX_RENAMES = 8;

/**
 * Maximum number of sessions that can process one more command in an event-loop tick after the command budget is
 * exhausted. Transfers in the same tick also consume the budget. Without this allowance, hundreds of sessions would
 * wait one tick for each command.
 */
const COMMANDS_IN_A_TICK = 16;

export interface ServicesOptions {
  config: EngineConfig;
  clients: ClientKeys;
  passive: PassivePorts;
  /** Returns the number of open sessions for a user. */
  sessionsOf(this: void, user: string): number;
  /** Opens a home directory. The home records its changes in the ledger that `openLedger` returns. */
  openHome(this: void, account: AccountWithHome, openLedger: OpenLedger): Promise<Storage>;
  authenticator: Authenticator;
  /** TLS layer. The value is undefined when the engine serves only unencrypted FTP. */
  tls?: TlsLayer | undefined;
  /** Kernel copy functions. The value is undefined when this process copies all bytes. */
  kernelCopy?: KernelCopy | undefined;
  log: Log;
  observer: EngineObserver;
  /** Defaults to a recorder that discards all events. */
  recorder?: EventRecorder;
  clock: Clock;
}

/** Configuration and state shared by all sessions. */
export class EngineServices implements EngineContext {
  readonly passive: PassivePorts;
  readonly sessionsOf: (user: string) => number;
  readonly authenticator: Authenticator;
  readonly failedLogins: FailedLogins;
  readonly observer: EngineObserver;
  readonly recorder: EventRecorder;
  readonly log: Log;
  readonly clock: Clock;
  readonly kernelCopy: KernelCopy | undefined;
  readonly buffers = new BufferBudget();
  readonly ticks = new TickBudget(COMMANDS_IN_A_TICK);
  readonly transferTicks = new TickBudget();
  readonly bandwidths: BandwidthLimits;
  readonly checksums = new Semaphore(MAX_CHECKSUMS, { sliceMilliseconds: JOB_SLICE_MILLISECONDS });
  readonly copies = new Semaphore(MAX_COPIES, { sliceMilliseconds: JOB_SLICE_MILLISECONDS });
  readonly renames = new Semaphore(MAX_RENAMES, { sliceMilliseconds: JOB_SLICE_MILLISECONDS });
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
    this.recorder = options.recorder ?? NO_RECORDER;
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

  /** Stops running usage counts. */
  close(): void {
    this.#quotas.close();
  }
}
