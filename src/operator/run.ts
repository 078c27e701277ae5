import { hostname } from "node:os";
import { collectDefaultMetrics, Registry } from "@prometheus-io/client";
import { type Logger, pino } from "pino";
import type { ObjectKey } from "../api/kubernetes.ts";
import { FIELD_MANAGER } from "../api/names.ts";
import { BUILD } from "../common/version.ts";
import { serveDebug } from "../health/debug.ts";
import { type HealthOptions, registerBuildInfo, serveHealth } from "../health/health.ts";
import { KubeClient } from "../kube/client.ts";
import { Controller } from "../kube/controller.ts";
import { isNamespaceTerminating } from "../kube/errors.ts";
import { EventRecorder } from "../kube/event-recorder.ts";
import type { ServerClock } from "../kube/http.ts";
import { ControllerMetrics, reflectorMetrics } from "../kube/metrics.ts";
import { CertificateReader } from "./certificates.ts";
import { addChangeHandler } from "./change-handler.ts";
import { EngineReportPoller } from "./engine-report-poller.ts";
import { ExpectationCache } from "./expectation-cache.ts";
import { fetchEngineReport } from "./fetch-engine-report.ts";
import {
  allInformers,
  createInformerSet,
  derivedCachesOf,
  type InformerSet,
  type InformerSetOptions,
} from "./informer-set.ts";
import { runAsLeader } from "./leadership.ts";
import { type OperatorOptions, readSettings, validateOptions } from "./options.ts";
import { PasswordReader } from "./passwords.ts";
import { probeTarget } from "./probe-target.ts";
import { ReachabilityProber } from "./reachability-prober.ts";
import { createReconciler } from "./reconcile.ts";
import { ServerMetrics } from "./server-metrics.ts";

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

/**
 * Starts all parts of the operator and stops them in reverse order when the signal aborts.
 * @returns the exit code: 0 after the signal aborted, 1 when the Lease was lost
 */
export async function operate(options: OperatorOptions, log: Logger, signal: AbortSignal): Promise<number> {
  await using cleanup = new AsyncDisposableStack();
  const registry = createRegistry();
  const client = createClient(options);
  cleanup.defer(() => client.close());
  const informers = createInformerSet({
    client,
    namespaces: options.namespaces?.length === 0 ? undefined : options.namespaces,
    observer: observeReflectors(registry, client.clock, log),
  });
  const serverMetrics = new ServerMetrics(registry, informers.servers);

  const { workers } = options;
  const metrics = new ControllerMetrics(registry, "ftpserver", workers);
  const controller = new Controller({ metrics, log, workers });
  const enqueue = (key: ObjectKey): void => controller.enqueue(key);
  const prober = new ReachabilityProber({ probe: probeTarget, onChange: enqueue });
  const poller = new EngineReportPoller({ fetch: fetchEngineReport, onChange: enqueue });
  const expectations = new ExpectationCache();
  addChangeHandler(informers, {
    enqueue,
    childDeleted: (key, child) => expectations.forgetObject(key, child),
  });
  const reconcile = createReconciler({
    client,
    informers,
    derived: derivedCachesOf(informers),
    expectations,
    certificates: new CertificateReader(),
    passwords: new PasswordReader(),
    settings: await readSettings(options),
    events: createEventRecorder(client, log),
    prober,
    poller,
  });

  let ready = false;
  await serveHttp(options, cleanup, {
    registry: serverMetrics,
    isReady: () => ready,
    state: () => ({ ready, leading: controller.isRunning, queue: controller.queue }),
  });
  await startInformers(informers, cleanup, signal);
  cleanup.defer(() => poller.close());
  cleanup.defer(() => prober.close());
  ready = true;
  warnAboutClock(client.clock, log);
  return await runAsLeader(options, { client, log }, (lead) => controller.run(reconcile, lead), signal);
}

function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerBuildInfo(registry, "ftp_operator_build_info", "operator");
  return registry;
}

function createClient({ kubeconfig }: OperatorOptions): KubeClient {
  return new KubeClient({
    fieldManager: FIELD_MANAGER,
    ...(kubeconfig !== undefined && { kubeconfig }),
  });
}

function createEventRecorder(client: KubeClient, log: Logger): EventRecorder {
  return new EventRecorder({
    client,
    controller: FIELD_MANAGER,
    instance: hostname(),
    onError: (err) => {
      if (!isNamespaceTerminating(err)) log.warn({ err }, "recording event failed");
    },
  });
}

/** Returns observers that update the metrics for each kind and log failures. */
function observeReflectors(
  registry: Registry,
  clock: ServerClock,
  log: Logger,
): InformerSetOptions["observer"] {
  const observerOf = reflectorMetrics(registry, clock);
  return (kind) => {
    const observer = observerOf(kind);
    return {
      ...observer,
      watchFailed(err): void {
        observer.watchFailed(err);
        log.warn({ kind, err }, "list or watch failed, retrying");
      },
    };
  };
}

async function serveHttp(
  { metricsPort, debugPort }: OperatorOptions,
  cleanup: AsyncDisposableStack,
  { registry, isReady, state }: Pick<HealthOptions, "registry" | "isReady"> & { state: () => unknown },
): Promise<void> {
  const health = await serveHealth({ port: metricsPort, registry, isReady });
  cleanup.defer(() => void health.close());
  if (debugPort === undefined) return;
  const debug = await serveDebug({ port: debugPort, state });
  cleanup.defer(() => void debug.close());
}

/** Starts all informers. Waits until every informer has listed its objects or the signal aborts. */
async function startInformers(
  informers: InformerSet,
  cleanup: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<void> {
  const stopping = new AbortController();
  const either = AbortSignal.any([signal, stopping.signal]);
  const running = Promise.all(allInformers(informers).map((informer) => informer.run(either)));
  cleanup.defer(async () => {
    stopping.abort();
    await running;
  });
  const synced = Promise.all(allInformers(informers).map((informer) => informer.synced()));
  await Promise.race([synced, aborted(signal)]);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function warnAboutClock({ errorSeconds }: ServerClock, log: Logger): void {
  if (errorSeconds !== 0)
    log.warn({ errorSeconds }, "local clock differs from API server, using API server time");
}
