import type { Duplex } from "node:stream";
import type { EngineConfig, PortRange } from "../api/engine-config.ts";
import { type Clock, systemClock } from "../common/clock.ts";
import { AccountExpiryTimer } from "./auth/account-expiry.ts";
import { type Addresses, clientKeysOf } from "./client-address.ts";
import { COMMAND_SET } from "./commands/execute.ts";
import { Listener, type Rejection, REJECTION_TEXTS } from "./listener.ts";
import { PassivePorts } from "./passive/passive-ports.ts";
import { EngineServices, type ServicesOptions } from "./services.ts";
import { SessionRegistry } from "./session/session-registry.ts";
import { Session } from "./session/session.ts";
import { refreshed } from "./session/state.ts";
import type { TlsLayer } from "./tls/tls-layer.ts";

export interface EngineOptions extends Omit<ServicesOptions, "clients" | "passive" | "sessionsOf" | "clock"> {
  /** Port slice that this process owns. */
  passivePorts: PortRange;
  /** Address of this machine for the control port and the passive ports. `undefined` means all addresses. */
  host?: string | undefined;
  announcedAddress: { current(): string | undefined };
  /** Defaults to the system clock. */
  clock?: Clock;
}

/** FTP engine: control listener, passive ports, sessions and shared services. */
export class Engine {
  readonly services: EngineServices;
  readonly #listener: Listener;
  readonly #passive: PassivePorts;
  readonly #registry = new SessionRegistry<Session>();
  readonly #expiry: AccountExpiryTimer;

  constructor(options: EngineOptions) {
    const { config, host, log, observer, clock = systemClock } = options;
    const clients = clientKeysOf(config);
    this.#listener = new Listener({
      config,
      host,
      clock,
      log,
      observer,
      onConnection: (socket, addresses) => this.serve(socket, addresses),
    });
    this.#passive = new PassivePorts({
      config: config.passive,
      ports: options.passivePorts,
      host,
      clients,
      clock,
      log,
      observer,
      addressOf: (socket) => this.#listener.clientAddressOf(socket),
      announcedAddress: () => options.announcedAddress.current(),
    });
    this.services = new EngineServices({
      ...options,
      clients,
      clock,
      passive: this.#passive,
      sessionsOf: (user) => this.#registry.countOf(user),
    });
    this.#expiry = new AccountExpiryTimer(clock, () => this.#endUnusableSessions());
    this.#expiry.follow(config.users);
  }

  /** Control port. When the configured port is 0, the system chooses the port. */
  get controlPort(): number {
    return this.#listener.port;
  }

  /** Open sessions, oldest first. */
  get sessions(): ReadonlySet<Session> {
    return this.#registry.all;
  }

  /** Binds all passive ports and then the control port. When a port is unavailable, binds no ports and rejects. */
  async listen(): Promise<void> {
    await this.#passive.listen();
    try {
      await this.#listener.listen();
    } catch (error) {
      await this.#passive.close();
      throw error;
    }
  }

  /**
   * Applies a new configuration. A session ends only if its account can no longer be used, or if the account's home
   * directory or mounts have changed. The ports do not change.
   */
  reconfigure(config: EngineConfig, tls?: TlsLayer): void {
    const clients = clientKeysOf(config);
    this.services.reconfigure(config, clients, tls);
    this.#listener.reconfigure(config);
    this.#passive.reconfigure(config.passive, clients);
    this.#endUnusableSessions();
    this.#expiry.follow(config.users);
  }

  /**
   * Drains the engine. Accepts sessions for the configured `handOverSeconds`. Rejects new clients after this time and
   * waits for the open sessions to end. Ends the remaining sessions after the drain period.
   * @param mostSeconds upper bound for the total time in seconds
   */
  async drain(mostSeconds = Infinity): Promise<void> {
    const { clock, config } = this.services;
    const handOver = Math.min(config.handOverSeconds, mostSeconds);
    if (handOver > 0) await new Promise<void>((resolve) => void clock.schedule(handOver * 1000, resolve));
    this.services.draining = true;
    const { promise: periodOver, resolve } = Promise.withResolvers<void>();
    const period = Math.min(this.services.config.drainPeriodSeconds, mostSeconds - handOver);
    const cancel = clock.schedule(period * 1000, resolve);
    await Promise.race([this.#registry.allClosed(), periodOver]);
    cancel();
    this.#registry.endAll(421, REJECTION_TEXTS.Draining);
    await this.#registry.allClosed();
  }

  /** Ends all sessions without a reply and closes all ports. */
  async close(): Promise<void> {
    this.services.draining = true;
    this.#expiry.close();
    this.#registry.destroyAll();
    await this.#registry.allClosed();
    this.services.close();
    await Promise.all([this.#listener.close(), this.#passive.close()]);
  }

  /** Serves a control connection or rejects its client. Tests call this method with streams that have no port. */
  serve(duplex: Duplex, addresses: Addresses): void {
    const { services } = this;
    const key = services.clients.networkOf(addresses.client);
    if (services.draining) return this.#reject(duplex, "Draining");
    const admission = this.#registry.admit(key, services.config.limits, services.clock.now());
    if (admission.rejection !== undefined) return this.#reject(duplex, admission.rejection);
    if (admission.ends !== undefined) this.#displace(admission.ends);
    this.#open(duplex, addresses, key);
  }

  #reject(duplex: Duplex, reason: Rejection): void {
    this.#listener.reject(duplex, reason, this.services.tls?.config.mode === "Implicit");
  }

  /**
   * Ends a session that a new session replaces. Does not wait until the client of the old session has read the reply,
   * because the new session starts immediately.
   */
  #displace(session: Session): void {
    this.services.observer.sessionRejected("Sessions");
    this.#registry.remove(session);
    session.end(421, REJECTION_TEXTS.Sessions);
    session.destroy();
  }

  /** Ends sessions of unusable accounts immediately, because a transfer can run for hours before the next command. */
  #endUnusableSessions(): void {
    const { authenticator } = this.services;
    for (const session of this.sessions) {
      const user = session.loggedIn && refreshed(session.loggedIn, authenticator);
      if (user !== undefined && "code" in user) session.end(user.code, user.lines.join(" "));
    }
  }

  #open(duplex: Duplex, addresses: Addresses, key: string): void {
    const session: Session = new Session(this.services, COMMAND_SET, duplex, addresses, () =>
      this.#registry.update(session),
    );
    this.#registry.add(session, key);
    this.services.observer.sessionOpened();
    void session.closed.then(() => this.#forget(session));
  }

  #forget(session: Session): void {
    this.#registry.remove(session);
    this.services.observer.sessionClosed();
  }
}
