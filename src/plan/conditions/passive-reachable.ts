import type { Decision } from "../model/decision.ts";
import type { ReachabilityOutcome, ProbeRequest } from "../reachability.ts";
import type { ConditionValue } from "./condition.ts";

/**
 * Whether a client in the cluster got through. Not part of Ready: some networks do not let the cluster dial its own
 * balancer, while everybody else gets through. Undefined: what it said before stands.
 */
export function passiveReachable(
  { observed, address, slots }: Decision,
  desired: ProbeRequest,
): ConditionValue | undefined {
  if (desired.type === "Skip") return { status: "Unknown", reason: desired.reason, message: desired.message };
  const { reachability, server } = observed;
  if (reachability !== undefined) return describe(reachability);
  const before = server.status?.conditions?.find(({ type }) => type === "PassiveReachable");
  if (before !== undefined && before.status !== "Unknown") return undefined;
  const isServing = slots.some(({ state }) => state === "Serving");
  return {
    status: "Unknown",
    reason: "NotChecked",
    message:
      isServing && address.announced.type !== "Unknown"
        ? "The operator is about to dial in."
        : "There is no pod or no address to dial yet.",
  };
}

function describe(outcome: ReachabilityOutcome): ConditionValue {
  if (outcome.type === "Unreachable") {
    const { reason, detail, usualCause } = outcome;
    return { status: "False", reason, message: `${detail}. ${usualCause}`, warn: true };
  }
  const { unmet, commands, hosts, skipped } = outcome;
  const at = hosts.length > 1 || skipped.length > 0 ? ` at ${hosts.join(" and ")}` : "";
  const through = `A client in the cluster logged in${at} and got listings over ${commands.join(" and ")}`;
  const rest =
    skipped.length > 0 ? ` The operator has no IPv6 address and did not check ${skipped.join(", ")}.` : "";
  return unmet.length === 0
    ? { status: "True", reason: "Reachable", message: `${through}, on a passive port of every slot.${rest}` }
    : {
        status: "True",
        reason: "SomeSlotsNotMet",
        message: `${through}; none of its logins came to slot ${unmet.join(", ")}.${rest}`,
      };
}
