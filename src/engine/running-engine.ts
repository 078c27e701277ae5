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
import { AnnouncedAddressResolver } from "./passive/announced-address.ts";
import { DirectoryTree } from "./storage/local/directory-tree.ts";
import { KernelCopy } from "./storage/local/system/kernel-copy.ts";
import { keepRemovingStaleUploads } from "./storage/local/uploads/stale-uploads.ts";
import { CombinedLedger } from "./storage/usage/combined-ledger.ts";
import { SpaceLimit } from "./storage/usage/space-limit.ts";
import { ReloadingTls } from "./tls/reloading.ts";

export interface StartOptions {
  /** Port slice of this process. Defaults to the passive port range of the configuration. */
  passivePorts?: PortRange;
  /** Path of the Unix socket for administration. Defaults to none. */
  adminSocket?: string;
  /** Maximum number of bytes on disk that all files can use together. Defaults to the size of the volume. */
  storageLimit?: number;
  /** Address of this machine where all ports are bound. Defaults to all addresses. */
  host?: string;
  /** Whether to serve health and metrics. Defaults to true. */
  servesHealth?: boolean;
  /** Destination of log lines: JSON, each with a line end. Defaults to standard output. */
  logDestination?: { write(line: string): void };
}

interface Parts {
  engine: Engine;
  users: VirtualUsers;
  address: AnnouncedAddressResolver;
  tls: ReloadingTls;
  tree: DirectoryTree;
  limit: SpaceLimit | undefined;
  readiness: Readiness;
  metrics: EngineMetrics;
  log: Logger;
}

/** HTTP servers beside the engine. */
interface HttpServers {
  health: Server | undefined;
  administration: Server | undefined;
}

/** An engine with its local storage, TLS files, health server and administration socket. */
export class RunningEngine {
  readonly #parts: Parts;
  readonly #http: HttpServers;
  /** Ends the removal of stale uploads. */
  readonly #cleaning = new AbortController();

  private constructor(parts: Parts, http: HttpServers) {
    this.#parts = parts;
    this.#http = http;
  }

  /** Starts an engine. Rejects, and releases all ports, when one is not available. */
  static async start(config: EngineConfig, options: StartOptions): Promise<RunningEngine> {
    const { passivePorts = config.passive.portRange, servesHealth = true } = options;
    const parts = await openParts(config, passivePorts, options);
    const { engine, readiness, metrics, log } = parts;
    const running = new RunningEngine(parts, await listen(parts, options));
    // Without health checks, one probe is enough: its file would be visible in programs that watch the directory.
    if (!servesHealth) readiness.close();
    const { generation } = config;
    metrics.configLoaded(generation);
    // The speed of plain files depends on it: docs/contributing/decisions/0007.
    const copies = engine.services.kernelCopy === undefined ? "Process" : "Kernel";
    log.info({ controlPort: engine.controlPort, passivePorts, generation, copies }, "serving");
    running.#removeStaleUploads(config.storage.root);
    return running;
  }

  /**
   * Applies a new configuration. When its TLS files cannot be loaded, everything else is applied: a removed user must not keep
   * access because of a certificate. The TLS part follows when the files can be loaded.
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
   * @param mostSeconds upper bound for the time until the last session ends
   * @param cut ends the drain at once when it resolves
   * @returns whether all sessions ended before `cut`
   */
  async drain(mostSeconds: number | undefined, cut: Promise<void>): Promise<boolean> {
    const { engine, log } = this.#parts;
    // The pod stays ready, because the passive ports of open sessions must stay reachable.
    log.info({ sessions: engine.sessions.size }, "draining");
    const isDrained = await Promise.race([engine.drain(mostSeconds).then(() => true), cut.then(() => false)]);
    log.info(isDrained ? "drained" : "ended at the second signal");
    return isDrained;
  }

  async stop(): Promise<void> {
    const { engine, address, tls, tree, limit, readiness } = this.#parts;
    readiness.close();
    this.#cleaning.abort();
    limit?.close();
    address.close();
    tls.close();
    await engine.close();
    await tree.close();
    for (const http of [this.#http.health, this.#http.administration]) {
      http?.close();
      http?.closeAllConnections();
    }
  }

  #apply(config: EngineConfig): void {
    const { engine, tls, readiness } = this.#parts;
    engine.reconfigure(config, tls.layer);
    readiness.recheck();
  }

  /** Applies a configuration of which all parts are valid. */
  #accept(config: EngineConfig): void {
    const { metrics, log } = this.#parts;
    this.#apply(config);
    metrics.configReloaded("Accepted");
    metrics.configLoaded(config.generation);
    log.info({ generation: config.generation }, "configuration changed");
  }

  #removeStaleUploads(root: string): void {
    const { log } = this.#parts;
    void keepRemovingStaleUploads(root, this.#cleaning.signal, (result) => {
      if (result instanceof Error) log.warn({ err: result }, "search for stale uploads failed");
      else if (result > 0) log.info({ count: result }, "stale uploads removed");
    });
  }
}

async function openParts(
  config: EngineConfig,
  passivePorts: PortRange,
  { host, logDestination, storageLimit }: StartOptions,
): Promise<Parts> {
  const kernelCopy = KernelCopy.load();
  const uploads = (): EngineConfig["uploads"] => engine.services.config.uploads;
  const tree = await DirectoryTree.open(config.storage.root, uploads, kernelCopy);
  const limit = storageLimit === undefined ? undefined : await limitSpace(tree, storageLimit);
  const log = createLogger(config.logging.level, logDestination);
  log.info(BUILD, "starting");
  const metrics = createMetrics();
  const users = new VirtualUsers(config);
  const address = new AnnouncedAddressResolver(config.passive.address, log);
  const tls = new ReloadingTls(metrics, log, systemClock);
  await tls.reconfigure(config.tls);
  const engine = new Engine({
    config,
    passivePorts,
    host,
    openHome: ({ homeDirectory, name: account, access, changes, modes }, openLedger) =>
      tree.openHome(homeDirectory, {
        account,
        directories: access.directories,
        changes,
        modes: () => users.current(account)?.modes ?? modes,
        ledger: limit === undefined ? openLedger : (home) => new CombinedLedger(openLedger(home), limit),
      }),
    authenticator: users,
    announcedAddress: address,
    kernelCopy,
    tls: tls.layer,
    log,
    observer: metrics,
  });
  const readiness = await Readiness.start({ config: () => engine.services.config, metrics, log });
  return { engine, users, address, tls, tree, limit, readiness, metrics, log };
}

/** Limits the space of all files. The first measurement of the volume runs while the engine starts. */
async function limitSpace(tree: DirectoryTree, bytes: number): Promise<SpaceLimit> {
  const startedAt = systemClock.now();
  const volume = { measure: () => tree.measure(startedAt), preallocates: await tree.preallocates() };
  const limit = new SpaceLimit(bytes, volume, systemClock);
  void limit.start();
  return limit;
}

/** Binds all ports and the administration socket. Releases all of them when one is not available. */
async function listen(
  { engine, readiness, metrics: { registry } }: Parts,
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
    await engine.listen();
  } catch (error) {
    health?.close();
    administration?.close();
    readiness.close();
    throw error;
  }
  readiness.listening = true;
  return { health, administration };
}
