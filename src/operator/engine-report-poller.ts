import type { EngineReport, StorageState } from "../api/engine-report.ts";
import type { ObjectKey } from "../api/kubernetes.ts";
import { canonicalJson } from "../common/json.ts";
import { Semaphore } from "../common/semaphore.ts";
import type { ReportOutcome, ReportRequest, ReportTarget } from "../plan/model/observed.ts";

/** Maximum number of concurrent report requests for all FtpServers together. */
const MAX_CONCURRENT = 8;
/** Delay in milliseconds before the first request to a ready pod. */
const READY_DELAY_MILLISECONDS = 500;
/** Delay in milliseconds before the first request to a pod that has not started. Most pods become ready earlier. */
const UNREADY_DELAY_MILLISECONDS = 5000;
/**
 * Delay in milliseconds before the first request to a pod that has started but is not ready. Most pods become ready
 * earlier.
 */
const STARTED_DELAY_MILLISECONDS = 2000;
/** Maximum number of milliseconds between requests to a pod that is not ready or provided no report last time. */
const UNREADY_PERIOD_MILLISECONDS = 10_000;
/** Maximum number of milliseconds between requests to a pod while the first check of any storage has no result. */
const CHECKING_PERIOD_MILLISECONDS = 3000;
/** Maximum number of milliseconds between requests to a ready pod whose storage has an error. */
const STORAGE_ERROR_PERIOD_MILLISECONDS = 30_000;
/** Number of consecutive request failures after which the state of an engine is unknown. */
const FAILURE_THRESHOLD = 3;

interface PodState {
  target: ReportTarget;
  outcome: ReportOutcome;
  consecutiveFailures: number;
  /** Timer for the next request. */
  timer?: NodeJS.Timeout;
  /** Aborts the request in progress. */
  attempt?: AbortController;
  isStopped: boolean;
}

interface ServerState {
  pods: Map<string, PodState>;
  periodMilliseconds: number;
}

export interface EngineReportPollerOptions {
  /** Resolves to undefined when the engine provides no report. Must not reject. */
  fetch: (host: string, signal: AbortSignal) => Promise<EngineReport | undefined>;
  /** Called when a report of the FtpServer has changed. */
  onChange: (server: ObjectKey) => void;
}

const PENDING: ReportOutcome = { type: "Pending" };
const UNKNOWN: ReportOutcome = { type: "Unknown" };

/** Requests engine reports periodically and keeps the last report of each engine. */
export class EngineReportPoller {
  readonly #options: EngineReportPollerOptions;
  readonly #servers = new Map<ObjectKey, ServerState>();
  readonly #semaphore = new Semaphore(MAX_CONCURRENT);

  constructor(options: EngineReportPollerOptions) {
    this.#options = options;
  }

  /** Returns the outcomes for an FtpServer, keyed by pod UID. */
  outcomes(key: ObjectKey): ReadonlyMap<string, ReportOutcome> {
    const pods = this.#servers.get(key)?.pods ?? new Map<string, PodState>();
    return new Map([...pods].map(([uid, { outcome }]) => [uid, outcome]));
  }

  /** Replaces the polled pods of an FtpServer. Unchanged pods keep their timers. */
  schedule(key: ObjectKey, { targets, periodSeconds }: ReportRequest): void {
    const before = this.#servers.get(key)?.pods ?? new Map<string, PodState>();
    const server: ServerState = { pods: new Map(), periodMilliseconds: periodSeconds * 1000 };
    this.#servers.set(key, server);
    for (const target of targets) {
      const known = before.get(target.uid);
      const unchanged = known !== undefined && isSame(known.target, target) && known;
      server.pods.set(target.uid, unchanged || this.#start(key, target, known));
    }
    for (const [uid, pod] of before) if (server.pods.get(uid) !== pod) stop(pod);
  }

  /** Stops polling the pods of an FtpServer and discards their reports. */
  forget(key: ObjectKey): void {
    for (const pod of this.#servers.get(key)?.pods.values() ?? []) stop(pod);
    this.#servers.delete(key);
  }

  close(): void {
    for (const key of this.#servers.keys()) this.forget(key);
  }

  /**
   * @param known state before the readiness of the pod changed. The last outcome remains valid until the next report.
   */
  #start(key: ObjectKey, target: ReportTarget, known: PodState | undefined): PodState {
    const outcome = known?.outcome ?? PENDING;
    const pod: PodState = { target, outcome, consecutiveFailures: 0, isStopped: false };
    this.#startTimer(key, pod, delayOf(target));
    return pod;
  }

  #startTimer(key: ObjectKey, pod: PodState, milliseconds: number): void {
    pod.timer = setTimeout(() => void this.#run(key, pod), milliseconds);
  }

  async #run(key: ObjectKey, pod: PodState): Promise<void> {
    const report = await this.#semaphore.run(() => this.#fetch(pod));
    if (pod.isStopped) return;
    pod.consecutiveFailures = report === undefined ? pod.consecutiveFailures + 1 : 0;
    const outcome = outcomeOf(report, pod);
    const isDifferent = canonicalJson(outcome) !== canonicalJson(pod.outcome);
    pod.outcome = outcome;
    this.#startTimer(key, pod, this.#periodOf(key, pod));
    if (isDifferent) this.#options.onChange(key);
  }

  async #fetch(pod: PodState): Promise<EngineReport | undefined> {
    if (pod.isStopped) return undefined;
    pod.attempt = new AbortController();
    const report = await this.#options.fetch(pod.target.host, pod.attempt.signal);
    delete pod.attempt;
    return report;
  }

  #periodOf(key: ObjectKey, { target, outcome, consecutiveFailures }: PodState): number {
    const period = this.#servers.get(key)?.periodMilliseconds ?? STORAGE_ERROR_PERIOD_MILLISECONDS;
    if (consecutiveFailures >= FAILURE_THRESHOLD) return period;
    if (statesOf(outcome).includes("Checking")) return Math.min(period, CHECKING_PERIOD_MILLISECONDS);
    if (!target.ready || consecutiveFailures > 0) return Math.min(period, UNREADY_PERIOD_MILLISECONDS);
    return isStorageUsable(outcome) ? period : Math.min(period, STORAGE_ERROR_PERIOD_MILLISECONDS);
  }
}

function isSame(a: ReportTarget, b: ReportTarget): boolean {
  return a.host === b.host && a.ready === b.ready && a.started === b.started;
}

function delayOf({ ready, started }: ReportTarget): number {
  if (ready) return READY_DELAY_MILLISECONDS;
  return started ? STARTED_DELAY_MILLISECONDS : UNREADY_DELAY_MILLISECONDS;
}

function outcomeOf(
  report: EngineReport | undefined,
  { outcome, consecutiveFailures }: PodState,
): ReportOutcome {
  if (report !== undefined) return { type: "Known", report };
  return consecutiveFailures >= FAILURE_THRESHOLD ? UNKNOWN : outcome;
}

function isStorageUsable(outcome: ReportOutcome): boolean {
  const states = statesOf(outcome);
  return states.length > 0 && states.every((state) => ["Writable", "NotNeeded"].includes(state));
}

/** Returns the states of all storage. Without a known report, returns no states. */
function statesOf(outcome: ReportOutcome): StorageState[] {
  if (outcome.type !== "Known") return [];
  const { storage, additionalStorage = {} } = outcome.report;
  return [storage, ...Object.values(additionalStorage)].map(({ state }) => state);
}

function stop(pod: PodState): void {
  pod.isStopped = true;
  clearTimeout(pod.timer);
  pod.attempt?.abort();
}
