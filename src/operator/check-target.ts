import { CHECK_USER } from "../api/engine-config.ts";
import { checkServer, failureOf, PASSIVE_COMMANDS, type StepResult } from "../check/check.ts";
import type { CheckRequest } from "../check/request.ts";
import type { ReachabilityOutcome, ReachabilityTarget } from "../plan/reachability.ts";
import { objectionTo } from "./objection.ts";

const STEP_TIMEOUT_MILLISECONDS = 5000;
/** For all logins of one check: only so many checks run at once, and a server that is slow on purpose must not keep others waiting. */
const DEADLINE_MILLISECONDS = 30_000;
/** The account sees no files, so its listings are empty. */
const MAX_LISTING_BYTES = 64 * 1024;

/** Logins until one should have come to every slot, as connections are spread at random. */
function maxLogins({ length }: ReachabilityTarget["slots"]): number {
  return length === 1 ? 1 : 4 + 6 * length;
}

interface TargetOptions {
  /** For the whole check. */
  deadlineMilliseconds?: number;
  /** See {@link objectionTo}. */
  objection?: typeof objectionTo;
}

/**
 * Goes the way of a client until a listing came over a port of every slot, or the way or the time ends. Never rejects.
 * @param signal ends it at once, whatever it has found
 */
export async function checkTarget(
  target: ReachabilityTarget,
  signal: AbortSignal,
  { deadlineMilliseconds = DEADLINE_MILLISECONDS, objection = objectionTo }: TargetOptions = {},
): Promise<ReachabilityOutcome> {
  const { slots, dataAddresses } = target;
  const deadline = AbortSignal.timeout(deadlineMilliseconds);
  const ending = AbortSignal.any([signal, deadline]);
  const options = {
    signal: ending,
    maxListingBytes: MAX_LISTING_BYTES,
    caution: { objection, dataAddresses },
  };
  const ports: number[] = [];
  for (let login = 1; login <= maxLogins(slots) && !ending.aborted; login++) {
    // The first goes the whole way, the others are there for the other slots.
    const passiveCommands = login === 1 ? PASSIVE_COMMANDS : (["EPSV"] as const);
    const report = await checkServer(requestTo(target), { ...options, passiveCommands });
    ports.push(...report.ports);
    const failed = failureOf(report);
    if (failed !== undefined && !deadline.aborted) return unreachable(failed);
    // Later the way was open already, and only the other slots are not known.
    if (failed !== undefined && login === 1)
      return unreachable({
        ...failed,
        detail: `the whole check was not over after ${deadlineMilliseconds / 1000} s`,
      });
    if (unmet(slots, ports).length === 0) break;
  }
  return { type: "Reachable", unmet: unmet(slots, ports) };
}

/** Names of slots none of whose ports is among these. */
function unmet(slots: ReachabilityTarget["slots"], ports: readonly number[]): string[] {
  return slots
    .filter(({ ports: { first, last } }) => !ports.some((seen) => seen >= first && seen <= last))
    .map(({ name }) => name);
}

function requestTo({ host, port, tls, token }: ReachabilityTarget): CheckRequest {
  return {
    host,
    port,
    tls,
    account: { user: CHECK_USER, password: token },
    // Whose certificate it is, clients judge by the name they dial; here it is the way that counts.
    verifyCertificate: false,
    timeoutMilliseconds: STEP_TIMEOUT_MILLISECONDS,
  };
}

function unreachable({ step, detail, failure }: Required<StepResult>): ReachabilityOutcome {
  return { type: "Unreachable", detail: `${step}: ${detail}`, ...failure };
}
