import type { Server } from "node:http";
import type { Logger } from "pino";
import type { EngineConfig, PortRange } from "../api/engine-config.ts";
import { CommandError, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from "../common/command-error.ts";
import { BUILD } from "../common/version.ts";
import { serveHealth } from "../health/health.ts";
import { serveAdministration } from "./admin/admin-server.ts";
import { SessionList } from "./admin/session-list.ts";
import { AnnouncedAddressResolver } from "./passive/announced-address.ts";
import { VirtualUsers } from "./auth/virtual-users.ts";
import { loadConfig } from "./config/load.ts";
import { systemClock } from "../common/clock.ts";
import { disableConcurrentMarking } from "../common/buffer-memory.ts";
import { toEngineError } from "./errors.ts";
import { createLogger, pinoLevel } from "./logging.ts";
import { createMetrics, type EngineMetrics } from "./metrics/metrics.ts";
import { namingPort } from "./listen-error.ts";
import { CombinedLedger } from "./storage/usage/combined-ledger.ts";
import { SpaceLimit } from "./storage/usage/space-limit.ts";
import { Readiness } from "./metrics/readiness.ts";
import { Engine } from "./engine.ts";
import { DirectoryTree } from "./storage/local/directory-tree.ts";
import { KernelCopy } from "./storage/local/system/kernel-copy.ts";
import { keepRemovingStaleUploads } from "./storage/local/uploads/stale-uploads.ts";
import { ReloadingTls } from "./tls/reloading.ts";
import { watchConfig } from "./config/watch.ts";

export interface RunOptions {
  configFile: string;
  /** The slice of the passive range that is this process's; undefined: the whole range. */
  passivePorts?: PortRange;
  /** Path of the Unix socket for administration; undefined: there is none. */
  adminSocket?: string;
  /**
   * Seconds from SIGTERM to the end of the last session, at most: who kills this process later than that does not hear of changes of
   * the configuration. Undefined: as the configuration says.
   */
  drainWithin?: number;
  /**
   * Bytes that the files may occupy on the disk together, when no other program writes to their volume. Undefined: no limit but that
   * of the volume.
   */
  storageLimit?: number;
  /** Address of this machine where all ports are bound; undefined: all addresses. */
  host?: string;
  /** Whether health and metrics are served. Defaults to true. */
  servesHealth?: boolean;
  /** Takes each log line, JSON with its line end; undefined: standard output. */
  logDestination?: { write(line: string): void };
  /** Called once, when clients can connect. */
  onServing?: () => void;
}

/** Everything that a running engine consists of. */
interface RunningEngine {
  server: Engine;
  users: VirtualUsers;
  address: AnnouncedAddressResolver;
  tls: ReloadingTls;
  tree: DirectoryTree;
  limit: SpaceLimit | undefined;
  readiness: Readiness;
  /** Ends the removal of leftovers. */
  cleaning: AbortController;
  /** Undefined: health and metrics are not served. */
  health: Server | undefined;
  administration: Server | undefined;
  metrics: EngineMetrics;
  log: Logger;
}

/**
 * Serves FTP until SIGTERM, then drains: new sessions are refused, the others may end. A second SIGTERM ends at once.
 * @returns the exit code: 0 drained, 1 cut short
 * @throws CommandError when the engine cannot start
 */
export async function runEngine(options: RunOptions): Promise<number> {
  // The modes of files and directories are those of the configuration, whatever the mask of the process was.
  const mask = process.umask(0);
  try {
    return await serveUntilSignal(options);
  } finally {
    process.umask(mask);
  }
}

async function serveUntilSignal(options: RunOptions): Promise<number> {
  disableConcurrentMarking();
  const signals = new Signals();
  let config: EngineConfig;
  let engine: RunningEngine;
  try {
    config = await loadConfig(options.configFile);
    engine = await startEngine(config, options);
  } catch (error) {
    const { code, message } = toEngineError(error);
    throw new CommandError(message, { exitCode: code === "InvalidConfig" ? EXIT_USAGE : EXIT_FAILED });
  }
  const watching = new AbortController();
  watchConfig(
    options.configFile,
    config,
    {
      onChange: (changed) => reconfigure(engine, changed),
      onInvalid(message): void {
        engine.metrics.configReloaded("Rejected");
        engine.log.error(
          { problem: message },
          "the changed configuration is refused; the old one stays in force",
        );
      },
    },
    watching.signal,
  );
  const code = await drainOnSignal(engine, signals, options.drainWithin);
  watching.abort();
  await stopEngine(engine);
  return code;
}

async function startEngine(config: EngineConfig, options: RunOptions): Promise<RunningEngine> {
  const { passivePorts = config.passive.portRange, host, logDestination } = options;
  const kernelCopy = KernelCopy.load();
  const tree = await DirectoryTree.open(config.storage.root, () => server.config.uploads, kernelCopy);
  const limit = await limitSpace(tree, options);
  const log = createLogger(config.logging.level, logDestination);
  log.info(BUILD, "starting");
  const metrics = createMetrics();
  const users = new VirtualUsers(config);
  const address = new AnnouncedAddressResolver(config.passive.address, log);
  const tls = new ReloadingTls(metrics, log, systemClock);
  await tls.reconfigure(config.tls);
  const server = new Engine({
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
    ...(tls.layer === undefined ? {} : { tls: tls.layer }),
    log,
    observer: metrics,
    kernelCopy,
  });
  const readiness = await Readiness.start({ config: () => server.config, metrics, log });
  const listeners = await listen(server, readiness, metrics, options);
  // On a machine of its own user, one check is enough: the file would show up in programs that watch the directory.
  if (options.servesHealth === false) readiness.close();
  metrics.configLoaded(config.generation);
  const { generation } = config;
  const { controlPort } = server;
  // What speed to expect of plain files: docs/contributing/decisions/0007.
  const copies = kernelCopy === undefined ? "Process" : "Kernel";
  log.info({ controlPort, passivePorts, generation, copies }, "serving");
  options.onServing?.();
  const cleaning = new AbortController();
  void keepRemovingStaleUploads(config.storage.root, cleaning.signal, (result) => {
    if (result instanceof Error) log.warn({ err: result }, "leftovers of incomplete uploads not searched");
    else if (result > 0) log.info({ count: result }, "removed leftovers of incomplete uploads");
  });
  return { server, users, address, tls, tree, limit, readiness, cleaning, ...listeners, metrics, log };
}

/** Limits the space of the files. The first count of the volume runs while the engine starts. */
async function limitSpace(
  tree: DirectoryTree,
  { storageLimit }: RunOptions,
): Promise<SpaceLimit | undefined> {
  if (storageLimit === undefined) return undefined;
  const startedAt = systemClock.now();
  const volume = { measure: () => tree.measure(startedAt), preallocates: await tree.preallocates() };
  const limit = new SpaceLimit(storageLimit, volume, systemClock);
  void limit.start();
  return limit;
}

/** Binds every port and the administration socket. Releases all of them when one is not available. */
async function listen(
  server: Engine,
  readiness: Readiness,
  { registry }: EngineMetrics,
  { host, servesHealth = true, adminSocket }: RunOptions,
): Promise<Pick<RunningEngine, "health" | "administration">> {
  const { metricsPort: port } = server.config;
  const isReady = (): boolean => readiness.isReady;
  const report = (): unknown => readiness.report;
  const use = { port, name: "metrics port", setting: "metricsPort (--metrics-port of ftp-operator serve)" };
  const health = servesHealth
    ? await namingPort(use, serveHealth({ port, host, registry, isReady, report }))
    : undefined;
  let administration: Server | undefined;
  try {
    if (adminSocket !== undefined)
      administration = await serveAdministration(adminSocket, new SessionList(server));
    await server.listen();
  } catch (error) {
    health?.close();
    administration?.close();
    readiness.close();
    throw error;
  }
  readiness.listening = true;
  return { health, administration };
}

/** Takes everything, but for TLS that cannot be loaded yet: a user who was removed must not stay for the sake of a certificate. */
async function reconfigure(engine: RunningEngine, config: EngineConfig): Promise<void> {
  const { server, users, address, tls, readiness, metrics, log } = engine;
  const problem = await tls
    .reconfigure(config.tls, () => accept(engine, config))
    .then(() => undefined, toEngineError);
  users.replace(config);
  address.reconfigure(config.passive.address);
  log.level = pinoLevel(config.logging.level);
  if (problem === undefined) {
    accept(engine, config);
    return;
  }
  server.reconfigure(config, tls.layer);
  readiness.recheck();
  metrics.configReloaded("Rejected");
  log.error(
    { problem: problem.message },
    "the TLS part of the changed configuration is refused until its files can be loaded; the rest is in force",
  );
}

/** The last step to a configuration that is in force as a whole. */
function accept({ server, tls, readiness, metrics, log }: RunningEngine, config: EngineConfig): void {
  server.reconfigure(config, tls.layer);
  readiness.recheck();
  metrics.configReloaded("Accepted");
  metrics.configLoaded(config.generation);
  log.info({ generation: config.generation }, "configuration changed");
}

/** Counts signals that end the process from its making on: as the first process of a container we get no default for them. */
class Signals {
  readonly #first = Promise.withResolvers<void>();
  readonly #second = Promise.withResolvers<void>();
  #count = 0;

  constructor() {
    const onSignal = (): void => (this.#count++ === 0 ? this.#first : this.#second).resolve();
    for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(name, onSignal);
  }

  get first(): Promise<void> {
    return this.#first.promise;
  }

  get second(): Promise<void> {
    return this.#second.promise;
  }
}

/** Waits for a signal and for the drain after it. */
async function drainOnSignal(
  { server, log }: RunningEngine,
  signals: Signals,
  mostSeconds: number | undefined,
): Promise<number> {
  await signals.first;
  // Readiness stays: the passive ports must go on reaching us.
  log.info({ sessions: server.sessions.size }, "draining");
  const cut = await Promise.race([
    server.drain(mostSeconds).then(() => false),
    signals.second.then(() => true),
  ]);
  log.info(cut ? "ended at the second signal" : "drained");
  return cut ? EXIT_FAILED : EXIT_OK;
}

async function stopEngine(engine: RunningEngine): Promise<void> {
  const { server, address, tls, tree, limit, readiness, cleaning, health, administration } = engine;
  readiness.close();
  cleaning.abort();
  limit?.close();
  address.close();
  tls.close();
  await server.close();
  await tree.close();
  for (const http of [health, administration]) {
    http?.close();
    http?.closeAllConnections();
  }
}
