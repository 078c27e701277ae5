import type { ObjectKey } from "../api/kubernetes.ts";
import { canonicalJson } from "../common/canonical-json.ts";
import type { ReachabilityOutcome, ReachabilityTarget, ProbeRequest } from "../plan/reachability.ts";
import { Semaphore } from "../common/semaphore.ts";

/** Checks under way at once, over all servers. */
const MAX_CONCURRENT = 4;
/** After a change, until nodes and balancer have heard of it. */
const SETTLE_MILLISECONDS = 3000;
/** A failure counts when it comes this many times in a row. */
const FAILURES_TO_TELL = 3;
const RETRY_MILLISECONDS = 5000;
/** A way that is broken is tried more often than one that is open. */
const BROKEN_PERIOD_MILLISECONDS = 60_000;

type Check = Extract<ProbeRequest, { type: "Check" }>;

interface Server {
  desired: Check;
  fingerprint: string;
  outcome?: ReachabilityOutcome;
  /** In a row. */
  failures: number;
  /** Of the next check. */
  timer?: NodeJS.Timeout;
  /** Ends the check under way. */
  ending: AbortController;
}

interface Beginning extends Pick<Server, "desired" | "fingerprint"> {
  /** Milliseconds. */
  delay: number;
  /** What was done for this server before. */
  known: Server | undefined;
}

export interface ReachabilityProberOptions {
  check: (target: ReachabilityTarget, signal: AbortSignal) => Promise<ReachabilityOutcome>;
  /** What is known of this server is another than before. */
  onChange: (server: ObjectKey) => void;
}

/** Dials servers from time to time, a few at once, and keeps what was found. */
export class ReachabilityProber {
  readonly #options: ReachabilityProberOptions;
  readonly #servers = new Map<ObjectKey, Server>();
  readonly #semaphore = new Semaphore(MAX_CONCURRENT);

  constructor(options: ReachabilityProberOptions) {
    this.#options = options;
  }

  outcome(key: ObjectKey): ReachabilityOutcome | undefined {
    return this.#servers.get(key)?.outcome;
  }

  /** @param isKnown whether the status tells already how it went: an operator that starts need not dial everybody at once */
  want(key: ObjectKey, desired: ProbeRequest, isKnown: boolean): void {
    const known = this.#servers.get(key);
    if (desired.type === "Skip") return this.forget(key);
    if (desired.type === "Wait") return known && end(known);
    const fingerprint = canonicalJson(desired);
    if (known?.fingerprint === fingerprint && !known.ending.signal.aborted) return;
    if (known !== undefined) end(known);
    const delay =
      known === undefined && isKnown ? Math.random() * desired.periodSeconds * 1000 : SETTLE_MILLISECONDS;
    this.#begin(key, { desired, fingerprint, delay, known });
  }

  #begin(key: ObjectKey, { desired, fingerprint, delay, known }: Beginning): void {
    const server: Server = {
      desired,
      fingerprint,
      failures: known?.failures ?? 0,
      ending: new AbortController(),
      ...(known?.outcome && { outcome: known.outcome }),
    };
    this.#servers.set(key, server);
    this.#later(key, server, delay);
  }

  forget(key: ObjectKey): void {
    const server = this.#servers.get(key);
    if (server !== undefined) end(server);
    this.#servers.delete(key);
  }

  close(): void {
    for (const key of this.#servers.keys()) this.forget(key);
  }

  #later(key: ObjectKey, server: Server, milliseconds: number): void {
    server.timer = setTimeout(() => void this.#run(key, server), milliseconds);
  }

  async #run(key: ObjectKey, server: Server): Promise<void> {
    const { desired, ending } = server;
    const outcome = await this.#semaphore.run(() => this.#options.check(desired.target, ending.signal));
    // What was found out by then is of another time.
    if (ending.signal.aborted) return;
    server.failures = outcome.type === "Reachable" ? 0 : server.failures + 1;
    if (outcome.type === "Unreachable" && server.failures < FAILURES_TO_TELL)
      return this.#later(key, server, RETRY_MILLISECONDS);
    if (isNews(outcome, server.outcome)) {
      server.outcome = outcome;
      this.#options.onChange(key);
    }
    const period = desired.periodSeconds * 1000;
    this.#later(
      key,
      server,
      outcome.type === "Reachable" ? period : Math.min(period, BROKEN_PERIOD_MILLISECONDS),
    );
  }
}

/** Neither the check under way nor the next one matters any more. */
function end({ timer, ending }: Server): void {
  clearTimeout(timer);
  ending.abort();
}

/** Another port that does not answer either is none: the status would be written, and an event sent, for each of them. */
function isNews(now: ReachabilityOutcome, before: ReachabilityOutcome | undefined): boolean {
  if (now.type === "Unreachable" && before?.type === "Unreachable") return now.reason !== before.reason;
  return canonicalJson(now) !== canonicalJson(before);
}
