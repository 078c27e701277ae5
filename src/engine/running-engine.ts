import { logEvent } from "../api/log-event.ts";
import type { Server } from "node:http";
import type { Logger } from "pino";
import type { EngineConfig, PortRange } from "../api/engine-config.ts";
import { systemClock } from "../common/clock.ts";
import { BUILD } from "../common/version.ts";
import { serveHealth } from "../health/health.ts";
import { serveAdministration } from "./admin/admin-server.ts";
import { SessionList } from "./admin/session-list.ts";
import { VirtualUsers } from "./auth/virtual-users.ts";
import { explainBindError } from "./bind.ts";
import { Engine } from "./engine.ts";
import { toEngineError } from "./errors.ts";
import { createLogger, pinoLevel } from "./logging.ts";
import { createMetrics, type EngineMetrics } from "./metrics/metrics.ts";
import { Readiness } from "./metrics/readiness.ts";
import { Notifications } from "./notifications/notifications.ts";
import { AnnouncedAddressResolver } from "./passive/announced-address.ts";
import { KernelCopy } from "./storage/local/system/kernel-copy.ts";
import { Storages } from "./storages.ts";
import { ReloadingTls } from "./tls/reloading.ts";

export interface StartOptions {
  /** Port slice that this process owns. Defaults to the configured passive port range. */
  passivePorts?: PortRange;
  /** Path of the Unix socket for administration. Without a path, the engine opens no socket. */
  adminSocket?: string;
  /** Maximum disk space in bytes for all files. Defaults to the size of the volume. */
  storageLimit?: number;
  /** Address of this machine for all ports. Defaults to all addresses. */
  host?: string;
  /** Whether the engine serves health checks and metrics. Defaults to true. */
  servesHealth?: boolean;
  /** Slot name in events. */
  slot?: string;
  /** Destination for log lines. Each line is JSON and ends in a line feed. Defaults to standard output. */
  logDestination?: { write(line: string): void };
}

interface Parts {
  engine: Engine;
  users: VirtualUsers;
  address: AnnouncedAddressResolver;
  tls: ReloadingTls;
  storages: Storages;
  readiness: Readiness;
  notifications: Notifications;
  metrics: EngineMetrics;
  log: Logger;
}

/** HTTP servers in the engine process. */
interface HttpServers {
  health: Server | undefined;
  administration: Server | undefined;
}

/** Engine with its local storage, TLS files, health server and administration socket. */
export class RunningEngine {
  readonly #parts: Parts;
  readonly #http: HttpServers;
  /** Stops the removal of stale uploads. */
  readonly #cleaning = new AbortController();

  private constructor(parts: Parts, http: HttpServers) {
    this.#parts = parts;
    this.#http = http;
  }

  /** Starts an engine. When a port is unavailable, releases all ports and rejects. */
  static async start(config: EngineConfig, options: StartOptions): Promise<RunningEngine> {
    const { passivePorts = config.passive.portRange, servesHealth = true } = options;
    const parts = await openParts(config, passivePorts, options);
    const { engine, readiness, metrics, log } = parts;
    const running = new RunningEngine(parts, await listen(parts, options));
    // Without health checks, one storage check is sufficient. Each further check would create a file, which programs
    // that watch the directory would detect.
    if (!servesHealth) readiness.close();
    const { generation } = config;
    metrics.configLoaded(generation);
    // The speed of transfers without conversion depends on kernel copies (docs/contributing/decisions/0007).
    const copies = engine.services.kernelCopy === undefined ? "Process" : "Kernel";
    const fields = { controlPort: engine.controlPort, passivePorts, generation, copies };
    log.info({ ...logEvent("Serving"), ...fields }, "serving");
    running.#removeStaleUploads();
    return running;
  }

  /**
   * Applies a new configuration. When the TLS files cannot be loaded, all settings except the TLS settings apply. A
   * removed user must not keep access because of a certificate error. The TLS settings apply as soon as the files can
   * be loaded.
   */
  async reconfigure(config: EngineConfig): Promise<void> {
    const { users, address, tls, metrics, log } = this.#parts;
    const rejection = await tls
      .reconfigure(config.tls, () => this.#accept(config))
      .then(() => undefined, toEngineError);
    users.replace(config);
    address.reconfigure(config.passive.address);
    log.level = pinoLevel(config.logging.level);
    if (rejection === undefined) {
      this.#accept(config);
      return;
    }
    this.#apply(config);
    metrics.configReloaded("Rejected");
    log.error({ reason: rejection.message }, "TLS configuration change rejected, other changes applied");
  }

  /** Counts and logs a changed configuration that is invalid. */
  rejectConfig(message: string): void {
    this.#parts.metrics.configReloaded("Rejected");
    this.#parts.log.error({ reason: message }, "configuration change rejected");
  }

  /**
   * Drains the engine.
   * @param mostSeconds maximum time in seconds until the last session ends
   * @param cut promise that ends the drain immediately when resolved
   * @returns whether all sessions ended before `cut` resolved
   */
  async drain(mostSeconds: number | undefined, cut: Promise<void>): Promise<boolean> {
    const { engine, log } = this.#parts;
    // The pod remains ready, because the passive ports of open sessions must remain reachable.
    log.info({ ...logEvent("Draining"), sessions: engine.sessions.size }, "draining");
    const isDrained = await Promise.race([engine.drain(mostSeconds).then(() => true), cut.then(() => false)]);
    log.info(logEvent("Ended"), isDrained ? "drained" : "ended at the second signal");
    return isDrained;
  }

  async stop(): Promise<void> {
    const { engine, address, tls, storages, readiness, notifications } = this.#parts;
    readiness.close();
    this.#cleaning.abort();
    address.close();
    tls.close();
    await engine.close();
    await notifications.close();
    await storages.close();
    for (const http of [this.#http.health, this.#http.administration]) {
      http?.close();
      http?.closeAllConnections();
    }
  }

  #apply(config: EngineConfig): void {
    const { engine, tls, readiness, notifications } = this.#parts;
    engine.reconfigure(config, tls.layer);
    notifications.reconfigure(config);
    readiness.recheck();
  }

  /** Applies a valid configuration, and counts and logs the change. */
  #accept(config: EngineConfig): void {
    const { metrics, log } = this.#parts;
    this.#apply(config);
    metrics.configReloaded("Accepted");
    metrics.configLoaded(config.generation);
    log.info({ generation: config.generation }, "configuration changed");
  }

  #removeStaleUploads(): void {
    const { log, storages } = this.#parts;
    void storages.keepRemovingStaleUploads(this.#cleaning.signal, (result) => {
      if (result instanceof Error) log.warn({ err: result }, "search for stale uploads failed");
      else if (result > 0) log.info({ count: result }, "stale uploads removed");
    });
  }
}

async function openParts(
  config: EngineConfig,
  passivePorts: PortRange,
  { host, logDestination, storageLimit, slot }: StartOptions,
): Promise<Parts> {
  const kernelCopy = KernelCopy.load();
  const uploads = (): EngineConfig["uploads"] => engine.services.config.uploads;
  const log = createLogger(config.logging.level, logDestination);
  const metrics = createMetrics();
  const storages = await Storages.open({
    config,
    policy: uploads,
    kernelCopy,
    storageLimit,
    log,
    observer: metrics,
  });
  log.info({ ...logEvent("Starting"), ...BUILD }, "starting");
  const users = new VirtualUsers(config);
  const address = new AnnouncedAddressResolver(config.passive.address, log);
  const tls = new ReloadingTls(metrics, log, systemClock);
  await tls.reconfigure(config.tls);
  // `listen` configures the sinks.
  const { notifications: _, ...withoutSinks } = config;
  const notifications = new Notifications(withoutSinks, {
    clock: systemClock,
    log,
    observer: metrics,
    slot,
    bucket: storages.events,
  });
  const engine = new Engine({
    config,
    passivePorts,
    host,
    openHome: (account, openLedger) =>
      storages.openHome(account, openLedger, () => users.current(account.name)?.modes ?? account.modes),
    authenticator: users,
    announcedAddress: address,
    kernelCopy,
    tls: tls.layer,
    log,
    observer: metrics,
    recorder: notifications,
  });
  const readiness = await Readiness.start({
    config: () => engine.services.config,
    tree: storages,
    metrics,
    log,
  });
  readiness.notifications = () => notifications.reports;
  metrics.readNotifications(readiness.notifications);
  return { engine, users, address, tls, storages, readiness, notifications, metrics, log };
}

/** Binds all ports and the administration socket. Releases all ports when a port is unavailable. */
async function listen(
  { engine, readiness, notifications, metrics: { registry } }: Parts,
  { host, servesHealth = true, adminSocket }: StartOptions,
): Promise<HttpServers> {
  const { config, clock } = engine.services;
  const { metricsPort: port } = config;
  const isReady = (): boolean => readiness.isReady;
  const report = (): unknown => readiness.report;
  const use = { port, name: "metrics port", setting: "metricsPort (--metrics-port of ftp-operator serve)" };
  const health = servesHealth
    ? await explainBindError(use, serveHealth({ port, host, registry, isReady, report }))
    : undefined;
  let administration: Server | undefined;
  try {
    if (adminSocket !== undefined)
      administration = await serveAdministration(adminSocket, new SessionList(engine.sessions, clock));
    // The creation of the administration socket briefly changes the process umask. Outbox directories created at the
    // same time would be unusable.
    notifications.reconfigure(config);
    await engine.listen();
  } catch (error) {
    health?.close();
    administration?.close();
    readiness.close();
    await notifications.close();
    throw error;
  }
  readiness.listening = true;
  return { health, administration };
}
