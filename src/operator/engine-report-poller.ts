import type { EngineReport } from "../api/engine-report.ts";
import type { ObjectKey } from "../api/kubernetes.ts";
import { Semaphore } from "../common/semaphore.ts";
import type { ReportOutcome, ReportTarget, ReportRequest } from "../plan/engine-reports.ts";
import { canonicalJson } from "../common/canonical-json.ts";

/** Reports read at once, over all servers. */
const MAX_CONCURRENT = 8;
/** From a pod that is ready to its first report. */
const READY_MILLISECONDS = 500;
/** A pod that is still not ready after this time is asked why. */
const UNREADY_MILLISECONDS = 5000;
/** Between two reports of a pod that is not ready. */
const UNREADY_PERIOD_MILLISECONDS = 10_000;
/** Between two reports of a pod that is ready and whose storage is not as it should be. */
const FAULTY_PERIOD_MILLISECONDS = 30_000;
/** An engine is unknown when this many attempts in a row fail. */
const MAX_FAILURES = 3;

interface Watched {
  target: ReportTarget;
  outcome: ReportOutcome;
  /** In a row. */
  failures: number;
  /** Of the next attempt. */
  timer?: NodeJS.Timeout;
  /** Ends the attempt that is under way. */
  attempt?: AbortController;
  isEnded: boolean;
}

interface Server {
  pods: Map<string, Watched>;
  periodMilliseconds: number;
}

export interface EngineReportPollerOptions {
  /** Never rejects; undefined: there is no report. */
  read: (host: string, signal: AbortSignal) => Promise<EngineReport | undefined>;
  /** A report of this server differs from the one before. */
  onChange: (server: ObjectKey) => void;
}

const PENDING: ReportOutcome = { type: "Pending" };
const UNKNOWN: ReportOutcome = { type: "Unknown" };

/** Asks engines for their reports from time to time, a few at once, and keeps the last ones. */
export class EngineReportPoller {
  readonly #options: EngineReportPollerOptions;
  readonly #servers = new Map<ObjectKey, Server>();
  readonly #semaphore = new Semaphore(MAX_CONCURRENT);

  constructor(options: EngineReportPollerOptions) {
    this.#options = options;
  }

  /** By UID of the pod. */
  outcomes(key: ObjectKey): ReadonlyMap<string, ReportOutcome> {
    const pods = this.#servers.get(key)?.pods ?? new Map<string, Watched>();
    return new Map([...pods].map(([uid, { outcome }]) => [uid, outcome]));
  }

  /** Asks these engines from now on, and no others of the server. */
  want(key: ObjectKey, { targets, periodSeconds }: ReportRequest): void {
    const before = this.#servers.get(key)?.pods ?? new Map<string, Watched>();
    const server: Server = { pods: new Map(), periodMilliseconds: periodSeconds * 1000 };
    this.#servers.set(key, server);
    for (const target of targets) {
      const known = before.get(target.uid);
      const { host, ready } = known?.target ?? {};
      const watched = known !== undefined && host === target.host && ready === target.ready && known;
      server.pods.set(target.uid, watched || this.#begin(key, target, known));
    }
    for (const [uid, watched] of before) if (server.pods.get(uid) !== watched) end(watched);
  }

  forget(key: ObjectKey): void {
    for (const watched of this.#servers.get(key)?.pods.values() ?? []) end(watched);
    this.#servers.delete(key);
  }

  close(): void {
    for (const key of this.#servers.keys()) this.forget(key);
  }

  /** @param known what was found before the pod became ready, or not ready, which counts until there is something new */
  #begin(key: ObjectKey, target: ReportTarget, known: Watched | undefined): Watched {
    const watched: Watched = { target, outcome: known?.outcome ?? PENDING, failures: 0, isEnded: false };
    this.#later(key, watched, target.ready ? READY_MILLISECONDS : UNREADY_MILLISECONDS);
    return watched;
  }

  #later(key: ObjectKey, watched: Watched, milliseconds: number): void {
    watched.timer = setTimeout(() => void this.#run(key, watched), milliseconds);
  }

  async #run(key: ObjectKey, watched: Watched): Promise<void> {
    const report = await this.#semaphore.run(() => this.#read(watched));
    if (watched.isEnded) return;
    watched.failures = report === undefined ? watched.failures + 1 : 0;
    const outcome = outcomeOf(report, watched);
    const isNews = canonicalJson(outcome) !== canonicalJson(watched.outcome);
    watched.outcome = outcome;
    this.#later(key, watched, this.#pause(key, watched));
    if (isNews) this.#options.onChange(key);
  }

  async #read(watched: Watched): Promise<EngineReport | undefined> {
    if (watched.isEnded) return undefined;
    watched.attempt = new AbortController();
    const report = await this.#options.read(watched.target.host, watched.attempt.signal);
    delete watched.attempt;
    return report;
  }

  #pause(key: ObjectKey, { target, outcome, failures }: Watched): number {
    const period = this.#servers.get(key)?.periodMilliseconds ?? FAULTY_PERIOD_MILLISECONDS;
    if (failures >= MAX_FAILURES) return period;
    if (!target.ready || failures > 0) return Math.min(period, UNREADY_PERIOD_MILLISECONDS);
    return isFine(outcome) ? period : Math.min(period, FAULTY_PERIOD_MILLISECONDS);
  }
}

function outcomeOf(report: EngineReport | undefined, { outcome, failures }: Watched): ReportOutcome {
  if (report !== undefined) return { type: "Known", report };
  return failures >= MAX_FAILURES ? UNKNOWN : outcome;
}

function isFine(outcome: ReportOutcome): boolean {
  return outcome.type === "Known" && ["Writable", "NotNeeded"].includes(outcome.report.storage.state);
}

function end(watched: Watched): void {
  watched.isEnded = true;
  clearTimeout(watched.timer);
  watched.attempt?.abort();
}
