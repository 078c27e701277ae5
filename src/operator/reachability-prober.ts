import type { ObjectKey } from "../api/kubernetes.ts";
import { canonicalJson } from "../common/json.ts";
import { Semaphore } from "../common/semaphore.ts";
import type { ProbeRequest, ReachabilityOutcome, ReachabilityTarget } from "../plan/model/observed.ts";

/** Maximum number of concurrent probes for all FtpServers together. */
const MAX_CONCURRENT = 4;
/**
 * Delay in milliseconds between a change and the next probe. During this delay, nodes and load balancers apply the
 * change.
 */
const SETTLE_MILLISECONDS = 3000;
/** Number of consecutive probe failures after which the operator reports an FtpServer as unreachable. */
const FAILURE_THRESHOLD = 3;
const RETRY_MILLISECONDS = 5000;
/** Maximum number of milliseconds between probes of an unreachable FtpServer. */
const UNREACHABLE_PERIOD_MILLISECONDS = 60_000;

type ProbeSchedule = Extract<ProbeRequest, { type: "Check" }>;

interface ServerState {
  request: ProbeSchedule;
  fingerprint: string;
  outcome?: ReachabilityOutcome;
  consecutiveFailures: number;
  /** Timer for the next probe. */
  timer?: NodeJS.Timeout;
  /** Aborts the probe in progress. */
  ending: AbortController;
}

export interface ReachabilityProberOptions {
  /** Runs one probe. Must not reject. */
  probe: (target: ReachabilityTarget, signal: AbortSignal) => Promise<ReachabilityOutcome>;
  /** Called when the outcome of an FtpServer has changed. */
  onChange: (server: ObjectKey) => void;
}

/** Probes FtpServers periodically and keeps the last outcome for each FtpServer. */
export class ReachabilityProber {
  readonly #options: ReachabilityProberOptions;
  readonly #servers = new Map<ObjectKey, ServerState>();
  readonly #semaphore = new Semaphore(MAX_CONCURRENT);

  constructor(options: ReachabilityProberOptions) {
    this.#options = options;
  }

  /** Returns the last outcome, or undefined until this process has finished its first probe of the FtpServer. */
  outcome(key: ObjectKey): ReachabilityOutcome | undefined {
    return this.#servers.get(key)?.outcome;
  }

  /**
   * Starts, changes or stops the probes of an FtpServer. Does nothing when the request is unchanged.
   * @param isReachable true when the status already reports the FtpServer as reachable. The first probe then runs at a
   * random time within the period, so that a restarted operator does not probe all FtpServers at the same time.
   */
  schedule(key: ObjectKey, request: ProbeRequest, isReachable: boolean): void {
    const known = this.#servers.get(key);
    if (request.type === "Skip") return this.forget(key);
    if (request.type === "Wait") return known && stop(known);
    const fingerprint = canonicalJson(request);
    if (known?.fingerprint === fingerprint && !known.ending.signal.aborted) return;
    if (known !== undefined) stop(known);
    const server: ServerState = {
      consecutiveFailures: 0,
      ...known,
      request,
      fingerprint,
      ending: new AbortController(),
    };
    this.#servers.set(key, server);
    const isRestart = known === undefined && isReachable;
    const delay = isRestart ? Math.random() * request.periodSeconds * 1000 : SETTLE_MILLISECONDS;
    this.#startTimer(key, server, delay);
  }

  /** Stops the probes of an FtpServer and discards its outcome. */
  forget(key: ObjectKey): void {
    const server = this.#servers.get(key);
    if (server !== undefined) stop(server);
    this.#servers.delete(key);
  }

  close(): void {
    for (const key of this.#servers.keys()) this.forget(key);
  }

  #startTimer(key: ObjectKey, server: ServerState, milliseconds: number): void {
    server.timer = setTimeout(() => void this.#run(key, server), milliseconds);
  }

  async #run(key: ObjectKey, server: ServerState): Promise<void> {
    const { request, ending } = server;
    const outcome = await this.#semaphore.run(() => this.#options.probe(request.target, ending.signal));
    // An aborted probe provides no information about the FtpServer.
    if (ending.signal.aborted) return;
    server.consecutiveFailures = outcome.type === "Reachable" ? 0 : server.consecutiveFailures + 1;
    if (outcome.type === "Unreachable" && server.consecutiveFailures < FAILURE_THRESHOLD)
      return this.#startTimer(key, server, RETRY_MILLISECONDS);
    if (isDifferent(outcome, server.outcome)) {
      server.outcome = outcome;
      this.#options.onChange(key);
    }
    const period = request.periodSeconds * 1000;
    this.#startTimer(
      key,
      server,
      outcome.type === "Reachable" ? period : Math.min(period, UNREACHABLE_PERIOD_MILLISECONDS),
    );
  }
}

function stop({ timer, ending }: ServerState): void {
  clearTimeout(timer);
  ending.abort();
}

/**
 * Returns whether two outcomes require different statuses. Failures with the same reason count as equal, although their
 * messages can contain different ports. A different port alone must cause neither a status write nor an event.
 */
function isDifferent(now: ReachabilityOutcome, before: ReachabilityOutcome | undefined): boolean {
  if (now.type === "Unreachable" && before?.type === "Unreachable") return now.reason !== before.reason;
  return canonicalJson(now) !== canonicalJson(before);
}
