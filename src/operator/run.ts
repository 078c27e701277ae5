import { hostname } from "node:os";
import { collectDefaultMetrics, Registry } from "@prometheus-io/client";
import { type Logger, pino } from "pino";
import { CommandError } from "../common/command-error.ts";
import { BUILD } from "../common/version.ts";
import type { ObjectKey } from "../api/kubernetes.ts";
import { FIELD_MANAGER } from "../api/names.ts";
import type { LOG_LEVELS } from "../api/engine-config.ts";
import { isCidr } from "../common/cidr.ts";
import { Credentials } from "../kube/credentials.ts";
import { KubeClient } from "../kube/client.ts";
import { Controller } from "../kube/controller.ts";
import { isNamespaceEnding } from "../kube/errors.ts";
import { inClusterNamespace } from "../kube/credentials.ts";
import { EventRecorder } from "../kube/event-recorder.ts";
import { LeaderElector } from "../kube/leader-election.ts";
import { ControllerMetrics, reflectorMetrics } from "../kube/metrics.ts";
import type { ServerClock } from "../kube/http.ts";
import type { Settings } from "../plan/model/observed.ts";
import { registerBuildInfo } from "../health/health.ts";
import { serveDebug } from "../health/debug.ts";
import { serveHealth } from "../health/health.ts";
import { EngineReportPoller } from "./engine-report-poller.ts";
import { fetchEngineReport } from "./fetch-engine-report.ts";
import { probeTarget } from "./probe-target.ts";
import { ReachabilityProber } from "./reachability-prober.ts";
import { createReconciler } from "./reconcile.ts";
import {
  createInformerSet,
  allInformers,
  derivedCachesOf,
  addChangeHandler,
  type InformerSet,
} from "./informer-set.ts";
import { CertificateReader } from "./certificates.ts";
import { PasswordReader } from "./passwords.ts";
import { registerServerMetrics } from "./server-metrics.ts";
import { ExpectationCache } from "./expectation-cache.ts";

export interface OperatorOptions {
  /** Undefined or empty: every namespace. Operator Lifecycle Manager passes an empty list. */
  namespaces?: string[];
  engineImage: string;
  imagePullPolicy: Settings["imagePullPolicy"];
  /** CIDRs that nodes masquerade as, beside those of Node objects. */
  nodeAddresses: string[];
  /** Undefined: no election. */
  leaderElectionNamespace?: string;
  /** The Lease's name: operators that share it work one at a time. */
  leaderElectionName: string;
  /** In seconds. Must be longer than the renew deadline, and that longer than the retry period. */
  leaderElectionLeaseDuration: number;
  leaderElectionRenewDeadline: number;
  leaderElectionRetryPeriod: number;
  /** Whether servers are dialled to see if clients can reach them. */
  reachabilityChecks: boolean;
  /** Labels of the operator's own pods; undefined: they are not known. */
  podLabels?: Record<string, string>;
  workers: number;
  metricsPort: number;
  /** Of /debug, on loopback; undefined: there is none. */
  debugPort?: number;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Undefined: as kubectl finds it, or the pod's service account. */
  kubeconfig?: string;
}

/**
 * Runs the operator until SIGTERM or SIGINT.
 * @returns the exit code: 0 after a signal, 1 when the Lease was lost
 * @throws CommandError when an option or the kubeconfig is invalid
 */
export async function runOperator(options: OperatorOptions): Promise<number> {
  await validateOptions(options);
  const log = pino({
    level: options.logLevel.toLowerCase(),
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  });
  log.info(BUILD, "starting");
  const stopping = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const)
    process.once(name, () => stopping.abort(new Error(name)));
  return operate(options, log, stopping.signal);
}

/** @throws CommandError for an error that no retry can fix */
async function validateOptions(options: OperatorOptions): Promise<void> {
  const { nodeAddresses, metricsPort, debugPort, kubeconfig } = options;
  if (debugPort === metricsPort)
    throw new CommandError(`same port for --debug-port and --metrics-port: ${metricsPort}`, {
      hint: "set --debug-port to another port, for example 6060",
    });
  validateElectionTimings(options);
  const invalid = nodeAddresses.find((text) => !isCidr(text));
  if (invalid !== undefined)
    throw new CommandError(`invalid value for --node-addresses: ${invalid}`, {
      hint: "use networks in CIDR notation, for example 198.51.100.0/24",
    });
  try {
    await new Credentials(kubeconfig).current();
  } catch (error) {
    throw new CommandError(
      `no access to a cluster: ${error instanceof Error ? error.message : String(error)}`,
      {
        hint: "set KUBECONFIG, or run the operator in a pod with a service account",
      },
    );
  }
}

/**
 * Two operators could be active at the same time if the Lease could expire before its holder stops.
 * @throws CommandError
 */
function validateElectionTimings({
  leaderElectionLeaseDuration: lease,
  leaderElectionRenewDeadline: deadline,
  leaderElectionRetryPeriod: retry,
}: OperatorOptions): void {
  if (deadline >= lease)
    throw new CommandError(`invalid value for --leader-election-renew-deadline: ${deadline}s`, {
      hint: `use less than --leader-election-lease-duration, which is ${lease}s`,
    });
  if (retry >= deadline)
    throw new CommandError(`invalid value for --leader-election-retry-period: ${retry}s`, {
      hint: `use less than --leader-election-renew-deadline, which is ${deadline}s`,
    });
}

/** As {@link runOperator}, until the signal aborts. */
export async function operate(options: OperatorOptions, log: Logger, signal: AbortSignal): Promise<number> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerBuildInfo(registry, "ftp_operator_build_info", "operator");
  const client = new KubeClient({
    fieldManager: FIELD_MANAGER,
    ...(options.kubeconfig !== undefined && { kubeconfig: options.kubeconfig }),
  });
  const informers = createInformerSet({
    client,
    namespaces: options.namespaces?.length === 0 ? undefined : options.namespaces,
    observer: observeReflectors({ registry, log, clock: client.clock }),
  });
  registerServerMetrics(registry, informers.servers);
  const reachability = new ReachabilityProber({
    check: probeTarget,
    onChange: (key) => controller.enqueue(key),
  });
  const reports = new EngineReportPoller({
    read: fetchEngineReport,
    onChange: (key) => controller.enqueue(key),
  });
  const written = new ExpectationCache();
  const settings = await readSettings(options);
  const controller = createController(options, settings, {
    client,
    informers,
    written,
    registry,
    log,
    reachability,
    reports,
  });
  const enqueue = (key: ObjectKey): void => controller.enqueue(key);
  addChangeHandler(informers, { enqueue, childDeleted: (key, child) => written.forgetObject(key, child) });

  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  const caches = allInformers(informers);
  let ready = false;
  const health = await serveHealth({ port: options.metricsPort, registry, isReady: () => ready });
  const state = (): unknown => ({ ready, leading: controller.isRunning, queue: controller.queue });
  const debug = options.debugPort && (await serveDebug({ port: options.debugPort, state }));
  const running = Promise.all(caches.map((informer) => informer.run(either)));
  try {
    await Promise.race([Promise.all(caches.map((informer) => informer.synced())), aborted(either)]);
    ready = true;
    const { errorSeconds } = client.clock;
    if (errorSeconds !== 0)
      log.warn({ errorSeconds }, "this machine's clock is not the API server's, whose time is written");
    return await lead(options, { client, controller, log }, either);
  } finally {
    ending.abort();
    reachability.close();
    reports.close();
    await running;
    health.close();
    if (debug) debug.close();
    await client.close();
  }
}

interface Parts {
  client: KubeClient;
  controller: Controller;
  log: Logger;
}

/** Works as long as the Lease is ours. */
async function lead(
  options: OperatorOptions,
  { client, controller, log }: Parts,
  signal: AbortSignal,
): Promise<number> {
  if (options.leaderElectionNamespace === undefined) {
    await controller.run(signal);
    return 0;
  }
  const lease = options.leaderElectionName;
  const election = new LeaderElector({
    client,
    name: lease,
    namespace: options.leaderElectionNamespace,
    identity: `${hostname()}_${process.pid}`,
    limits: {
      leaseSeconds: options.leaderElectionLeaseDuration,
      renewDeadlineSeconds: options.leaderElectionRenewDeadline,
      retrySeconds: options.leaderElectionRetryPeriod,
    },
    onFailure: (err) => log.warn({ err }, "the Lease could not be read or written; it is tried again"),
    onWait: (holder) => log.info({ lease, holder }, "waits for the Lease, which another operator holds"),
  });
  const lost = await election.acquire(signal);
  if (lost === undefined) return 0;
  log.info("leading");
  await controller.run(AbortSignal.any([signal, lost]));
  if (lost.aborted) log.error("lost the Lease; another operator may be at work");
  else await election.release();
  return lost.aborted ? 1 : 0;
}

async function readSettings({
  engineImage,
  imagePullPolicy,
  nodeAddresses,
  reachabilityChecks,
  podLabels: labels,
}: OperatorOptions): Promise<Settings> {
  const namespace = await inClusterNamespace();
  return {
    engineImage,
    imagePullPolicy,
    extraNodeAddresses: nodeAddresses,
    reachabilityChecks,
    ...(namespace !== undefined && labels !== undefined && { operatorPods: { namespace, labels } }),
  };
}

interface ControllerParts {
  client: KubeClient;
  informers: InformerSet;
  written: ExpectationCache;
  registry: Registry;
  log: Logger;
  reachability: ReachabilityProber;
  reports: EngineReportPoller;
}

function createController(
  { workers }: OperatorOptions,
  settings: Settings,
  { client, informers, written, registry, log, reachability, reports }: ControllerParts,
): Controller {
  const events = new EventRecorder({
    client,
    controller: FIELD_MANAGER,
    instance: hostname(),
    onError: (err) => {
      if (!isNamespaceEnding(err)) log.warn({ err }, "an event could not be recorded");
    },
  });
  return new Controller({
    reconcile: createReconciler({
      client,
      informers,
      derived: derivedCachesOf(informers),
      written,
      certificates: new CertificateReader(),
      passwords: new PasswordReader(),
      settings,
      events,
      reachability,
      reports,
    }),
    metrics: new ControllerMetrics(registry, "ftpserver", workers),
    log,
    workers,
  });
}

/** Metrics of each reflector, and a log line for each failure. */
function observeReflectors({
  registry,
  log,
  clock,
}: {
  registry: Registry;
  log: Logger;
  clock: ServerClock;
}): Parameters<typeof createInformerSet>[0]["observer"] {
  const metrics = reflectorMetrics(registry, clock);
  return (kind) => {
    const measured = metrics(kind);
    return {
      ...measured,
      watchFailed(err): void {
        measured.watchFailed(err);
        log.warn({ kind, err }, "a list or watch failed; it starts again");
      },
    };
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
