import { CHECK_USER } from "../api/engine-config.ts";
import { type CheckReport, checkServer, failureOf } from "../check/check.ts";
import type { CheckRequest } from "../check/request.ts";
import type { ReachabilityOutcome, ReachabilityTarget } from "../plan/reachability.ts";

const STEP_TIMEOUT_MILLISECONDS = 5000;

/** Logins until one should have come to every slot, as connections are spread at random. */
function maxLogins({ length }: ReachabilityTarget["slots"]): number {
  return length === 1 ? 1 : 4 + 6 * length;
}

/** Goes the way of a client until a listing came over a port of every slot, or the way ends. Never rejects. */
export async function checkTarget(
  { host, port, tls, token, slots }: ReachabilityTarget,
  signal: AbortSignal,
): Promise<ReachabilityOutcome> {
  const request: CheckRequest = {
    host,
    port,
    tls,
    user: CHECK_USER,
    password: token,
    // Whose certificate it is, clients judge by the name they dial; here it is the way that counts.
    verifyCertificate: false,
    timeoutMilliseconds: STEP_TIMEOUT_MILLISECONDS,
  };
  const ports: number[] = [];
  const unmet = (): string[] =>
    slots
      .filter(({ ports: { first, last } }) => !ports.some((seen) => seen >= first && seen <= last))
      .map(({ name }) => name);
  for (let login = 1; login <= maxLogins(slots) && !signal.aborted; login++) {
    // The first goes the whole way, the others are there for the other slots.
    const report = await checkServer(request, { signal, ...(login > 1 && { passiveCommands: ["EPSV"] }) });
    ports.push(...report.ports);
    const failed = unreachable(report);
    if (failed !== undefined) return failed;
    if (unmet().length === 0) break;
  }
  return { type: "Reachable", unmet: unmet() };
}

function unreachable(report: CheckReport): ReachabilityOutcome | undefined {
  const failed = failureOf(report);
  if (failed === undefined) return undefined;
  const { step, detail, failure } = failed;
  return { type: "Unreachable", detail: `${step}: ${detail}`, ...failure };
}
