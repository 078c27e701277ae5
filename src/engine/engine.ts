import { createServer, type Server, type Socket } from "node:net";
import type { EngineConfig, PortRange } from "../api/engine-config.ts";
import { type Account, type AccountWithHome, hasHome } from "./auth/account.ts";
import type { Authenticator } from "./auth/authenticator.ts";
import { NO_ACCESS } from "./auth/access-rules.ts";
import { AccountExpiryTimer } from "./auth/account-expiry.ts";
import { FailedLogins } from "./auth/failed-logins.ts";
import { COMMAND_SET } from "./commands/execute.ts";
import { JOB_SLICE_MILLISECONDS } from "./session/background-job.ts";
import { refreshed } from "./session/state.ts";
import { type Clock, systemClock } from "../common/clock.ts";
import type { EngineObserver, Log } from "./observer.ts";
import type { EngineContext } from "./session/engine-context.ts";
import { Session } from "./session/session.ts";
import { type Addresses, clientOf, addressesOf, ClientKeys } from "./client-address.ts";
import { AnnouncedAddressPolicy } from "./passive/announced-address.ts";
import { ProxyHeaderReader } from "./proxy-protocol/header-reader.ts";
import { Semaphore } from "../common/semaphore.ts";
import { TickBudget } from "../common/tick-budget.ts";
import { BandwidthLimits } from "./transfer/bandwidth.ts";
import { BufferBudget } from "./transfer/buffer-budget.ts";
import { listenAt, stopListening } from "./listen.ts";
import { namingPort } from "./listen-error.ts";
import { PassivePortPool, type PassivePorts } from "./passive/port-pool.ts";
import { Quotas } from "./storage/usage/quotas.ts";
import type { KernelCopy } from "./storage/local/system/kernel-copy.ts";
import type { OpenLedger } from "./storage/usage/usage-ledger.ts";
import { type Rejection, REJECTION_TEXTS, Rejections } from "./session/rejections.ts";
import { SessionRegistry } from "./session/session-registry.ts";
import { GuardedStorage } from "./storage/guarded-storage.ts";
import { NoFiles } from "./storage/no-files.ts";
import type { Storage } from "./storage/storage.ts";
import type { TlsLayer } from "./tls/tls-layer.ts";
import type { Duplex } from "node:stream";

/** What an Engine is made of. */
export interface EngineOptions {
  config: EngineConfig;
  /** The ports of this process: the whole range of the configuration, or its slice of it. */
  passivePorts: PortRange;
  /** Address of this machine where the control port and the passive ports are bound; undefined: all. */
  host?: string | undefined;
  /** @param openLedger opens the ledger that the home books its changes in */
  openHome(account: AccountWithHome, openLedger: OpenLedger): Promise<Storage>;
  authenticator: Authenticator;
  announcedAddress: { current(): string | undefined };
  tls?: TlsLayer;
  log: Log;
  observer: EngineObserver;
  clock?: Clock;
  kernelCopy?: KernelCopy | undefined;
}

/** Checksums that run at once; each is as much work for the one main thread as several downloads. */
export const MAX_CHECKSUMS = 2;

/**
 * Number of sessions that process one more command in a tick whose budget for commands is spent. The budget also runs while
 * transfers use the tick. Otherwise hundreds of sessions would wait a tick for each command.
 */
const COMMANDS_IN_A_TICK = 16;

/** Copies that are made at once; the volume is for transfers, too. */
export const MAX_COPIES = 2;

/** An FTP server: its control listener, its passive ports and its sessions. */
export class Engine implements EngineContext {
  readonly authenticator: Authenticator;
  readonly failedLogins: FailedLogins;
  readonly observer: EngineObserver;
  readonly log: Log;
  readonly clock: Clock;
  readonly kernelCopy: KernelCopy | undefined;
  readonly buffers = new BufferBudget();
  readonly transferTicks = new TickBudget();
  readonly bandwidths: BandwidthLimits;
  readonly checksums = new Semaphore(MAX_CHECKSUMS, { sliceMilliseconds: JOB_SLICE_MILLISECONDS });
  readonly copies = new Semaphore(MAX_COPIES, { sliceMilliseconds: JOB_SLICE_MILLISECONDS });
  readonly ticks = new TickBudget(COMMANDS_IN_A_TICK);
  readonly openHome: (account: Account) => Promise<GuardedStorage>;
  readonly #generalAddress: () => string | undefined;
  #announcements: AnnouncedAddressPolicy;
  #proxies: ProxyHeaderReader | undefined;
  readonly #quotas: Quotas;
  #tls: TlsLayer | undefined;
  #config: EngineConfig;
  #clients: ClientKeys;
  #draining = false;
  readonly #pool: PassivePortPool;
  readonly #listener: Server;
  readonly #host: string | undefined;
  readonly #registry = new SessionRegistry<Session>();
  readonly #rejections: Rejections;
  readonly #expiry: AccountExpiryTimer;

  constructor(options: EngineOptions) {
    const { config, passivePorts, observer, clock = systemClock } = options;
    this.#config = config;
    this.#host = options.host;
    this.#clients = new ClientKeys(config.maskedClients);
    this.authenticator = options.authenticator;
    this.#quotas = new Quotas(clock, options.authenticator);
    this.openHome = async (account) => {
      const storage = hasHome(account)
        ? await options.openHome(account, this.#quotas.ledgerOf(account))
        : new NoFiles();
      return new GuardedStorage(storage, () => this.authenticator.current(account.name)?.access ?? NO_ACCESS);
    };
    this.#generalAddress = () => options.announcedAddress.current();
    this.#tls = options.tls;
    this.log = options.log;
    this.observer = observer;
    this.clock = clock;
    this.kernelCopy = options.kernelCopy;
    this.#rejections = new Rejections(clock);
    this.bandwidths = new BandwidthLimits(clock, options.authenticator);
    this.failedLogins = new FailedLogins(clock, () => this.#config.limits.failedLogins);
    this.#announcements = new AnnouncedAddressPolicy(config.passive, this.#clients);
    this.#proxies = this.#proxiesOf(config);
    const { portSharing: sharing } = config.passive;
    this.#pool = new PassivePortPool({
      ports: passivePorts,
      host: options.host,
      sharing,
      clients: this.#clients,
      clock,
      log: options.log,
      observer,
      addressOf: (socket) =>
        this.#proxies === undefined
          ? clientOf(socket)
          : this.#proxies.unwrap(socket).then((ends) => ends?.client),
    });
    this.#listener = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) =>
      this.#accept(socket),
    );
    this.#expiry = new AccountExpiryTimer(clock, () => this.#endWithoutAccount());
    this.#expiry.follow(config.users);
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

  get draining(): boolean {
    return this.#draining;
  }

  get passive(): PassivePorts {
    return this.#pool;
  }

  /** The port on which control connections are accepted; the one the system chose when the configuration says 0. */
  get controlPort(): number {
    const address = this.#listener.address();
    return typeof address === "object" && address !== null ? address.port : this.#config.controlPort;
  }

  /** Those that are open, oldest first. */
  get sessions(): ReadonlySet<Session> {
    return this.#registry.all;
  }

  sessionsOf(user: string): number {
    return this.#registry.countOf(user);
  }

  /** Binds every passive port, then the control port. Rejects when one is taken. */
  async listen(): Promise<void> {
    await this.#pool.listen();
    try {
      const { controlPort: port } = this.#config;
      const use = { port, name: "control port", setting: "controlPort (--port of ftp-operator serve)" };
      await namingPort(use, listenAt(this.#listener, { port, host: this.#host }, this.log));
    } catch (error) {
      await this.#pool.close();
      throw error;
    }
  }

  /**
   * Takes a new configuration for everything that can change live. Sessions go on, but those whose account is gone or has another
   * home. Ports stay as they are.
   */
  reconfigure(config: EngineConfig, tls?: TlsLayer): void {
    this.#config = config;
    this.#tls = tls;
    this.#clients = new ClientKeys(config.maskedClients);
    this.#announcements = new AnnouncedAddressPolicy(config.passive, this.#clients);
    this.#proxies = this.#proxiesOf(config);
    this.#pool.reconfigure(config.passive.portSharing, this.#clients);
    this.#endWithoutAccount();
    this.#expiry.follow(config.users);
  }

  /**
   * Serves on for the configuration's hand-over. Then turns new clients away and waits for the sessions to end, at most for the
   * drain period; then ends them.
   * @param mostSeconds for both together, whatever the configuration says
   */
  async drain(mostSeconds = Infinity): Promise<void> {
    const handOver = Math.min(this.#config.handOverSeconds, mostSeconds);
    if (handOver > 0)
      await new Promise<void>((resolve) => void this.clock.schedule(handOver * 1000, resolve));
    this.#draining = true;
    const { promise: periodOver, resolve } = Promise.withResolvers<void>();
    const period = Math.min(this.#config.drainPeriodSeconds, mostSeconds - handOver);
    const cancel = this.clock.schedule(period * 1000, resolve);
    await Promise.race([this.#allClosed(), periodOver]);
    cancel();
    for (const session of this.sessions) session.end(421, REJECTION_TEXTS.Draining);
    await this.#allClosed();
  }

  /** Ends everything at once. */
  async close(): Promise<void> {
    this.#draining = true;
    this.#expiry.close();
    for (const session of this.sessions) session.destroy();
    await this.#allClosed();
    this.#quotas.close();
    await Promise.all([stopListening(this.#listener), this.#pool.close()]);
  }

  /** Serves one control connection, wherever it came from; tests pass streams without a port. */
  serve(duplex: Duplex, ends: Addresses): void {
    const key = this.#clients.networkOf(ends.client);
    if (this.#draining) return this.#reject(duplex, "Draining");
    const admission = this.#registry.admit(key, this.#config.limits, this.clock.now());
    if (admission.rejection !== undefined) return this.#reject(duplex, admission.rejection);
    if (admission.ends !== undefined) this.#displace(admission.ends);
    this.#open(duplex, ends, key);
  }

  announcedAddress(ends: Addresses): string | undefined {
    return this.#announcements.addressFor(ends, this.#generalAddress());
  }

  #accept(socket: Socket): void {
    if (this.#proxies === undefined) this.serve(socket, addressesOf(socket));
    else void this.#proxies.unwrap(socket).then((ends) => ends && this.serve(socket, ends));
  }

  #proxiesOf({ proxyProtocol }: EngineConfig): ProxyHeaderReader | undefined {
    return proxyProtocol && new ProxyHeaderReader(proxyProtocol, this.observer, this.clock);
  }

  /** Ends a session in favor of another one. Its place is free immediately, so it gets no time to read a reply. */
  #displace(session: Session): void {
    this.observer.sessionRejected("Sessions");
    this.#registry.remove(session);
    session.end(421, REJECTION_TEXTS.Sessions);
    session.destroy();
  }

  #reject(duplex: Duplex, reason: Rejection): void {
    this.observer.sessionRejected(reason);
    // A client that waits for a handshake cannot read it.
    if (this.#tls?.config.mode === "Implicit") {
      duplex.destroy();
      return;
    }
    this.#rejections.reject(duplex, reason);
  }

  /** A transfer may take hours: it must not wait for the next command to hear that it has no right any more. */
  #endWithoutAccount(): void {
    for (const session of this.sessions) {
      const user = session.loggedIn && refreshed(session.loggedIn, this.authenticator);
      if (user !== undefined && "code" in user) session.end(user.code, user.lines.join(" "));
    }
  }

  #open(duplex: Duplex, ends: Addresses, key: string): void {
    const session: Session = new Session(this, COMMAND_SET, duplex, ends, () =>
      this.#registry.update(session),
    );
    this.#registry.add(session, key);
    this.observer.sessionOpened();
    void session.closed.then(() => this.#forget(session));
  }

  #forget(session: Session): void {
    this.#registry.remove(session);
    this.observer.sessionClosed();
  }

  async #allClosed(): Promise<void> {
    await Promise.all([...this.sessions].map((session) => session.closed));
  }
}
