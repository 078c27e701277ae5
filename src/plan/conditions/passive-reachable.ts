import { listText } from "../../common/text.ts";
import type { PlannedState } from "../model/decision.ts";
import type {
  ProbeRequest,
  ReachabilityHost,
  ReachabilityOutcome,
  ReachabilityTarget,
} from "../model/observed.ts";
import { clientControlPort } from "../network/client-addresses.ts";
import { familyOfAddress, serviceFamilies } from "../network/ip-families.ts";
import { conditionValue } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";

/**
 * Returns the condition PassiveReachable: whether a client in the cluster can transfer directory listings. Returns
 * undefined to keep the previous value. The condition Ready does not depend on PassiveReachable, because some networks
 * block connections from a cluster to its own load balancer.
 */
export function passiveReachable(
  { observed, network, slots }: PlannedState,
  probe: ProbeRequest,
): ConditionValue | undefined {
  if (probe.type === "Skip") return conditionValue("PassiveReachable", probe.reason, probe.message);
  const { reachability, server } = observed;
  if (reachability !== undefined) return describe(reachability);
  const before = server.status?.conditions?.find(({ type }) => type === "PassiveReachable");
  if (before !== undefined && before.status !== "Unknown") return undefined;
  const isServing = slots.some(({ state }) => state === "Serving");
  const message =
    isServing && network.announced.address.type !== "Unknown"
      ? "The first reachability check has not finished."
      : "No reachability check is possible, because no pod is ready or no address is known.";
  return conditionValue("PassiveReachable", "NotChecked", message);
}

function describe(outcome: ReachabilityOutcome): ConditionValue {
  if (outcome.type === "Unreachable") {
    const { reason, detail, usualCause } = outcome;
    return conditionValue("PassiveReachable", reason, `${detail}. ${usualCause}`, { warn: true });
  }
  const { unchecked, commands, hosts, skipped } = outcome;
  const place = hosts.length > 1 || skipped.length > 0 ? ` at ${listText([...new Set(hosts)])}` : "";
  const client = `A client in the cluster logged in${place} and transferred directory listings with ${listText(commands)}`;
  const rest =
    skipped.length > 0
      ? ` The operator has no IPv6 address, so IPv6 connections to ${listText(skipped)} were not checked.`
      : "";
  if (unchecked.length === 0)
    return conditionValue(
      "PassiveReachable",
      "Reachable",
      `${client} through a passive port of every slot.${rest}`,
    );
  const names = listText(unchecked);
  const missed =
    unchecked.length === 1
      ? `No test connection was routed to slot ${names}, so its ports were not checked.`
      : `No test connection was routed to slots ${names}, so their ports were not checked.`;
  return conditionValue("PassiveReachable", "SomeSlotsNotChecked", `${client}. ${missed}${rest}`);
}

/**
 * Returns the reachability check to run, or the reason to skip the check.
 * @param isPublished true when the Service has all passive ports
 */
export function probeRequest(state: PlannedState, isPublished: boolean): ProbeRequest {
  const { spec, observed, slots } = state;
  const skip = reasonToSkip(state);
  if (skip !== undefined) return skip;
  const hosts = hostsOf(state);
  const serving = slots.filter(({ state }) => state === "Serving");
  if (hosts.length === 0 || serving.length === 0 || !isPublished) return { type: "Wait" };
  return {
    type: "Check",
    periodSeconds: spec.reachabilityCheck.periodSeconds,
    target: {
      hosts,
      port: clientControlPort(spec),
      tls: tlsOf(spec.tls.mode),
      token: observed.checkToken,
      dataAddresses: (spec.passive.address.overrides ?? []).map((override) => override.address),
      slots: serving.map(({ name, ports }) => ({ name, ports })),
    },
  };
}

/**
 * Returns a host for each address family in which clients connect. The announced address is first, because the
 * reachability check must include the announced address.
 */
function hostsOf({ spec, observed, network: { addresses, announced } }: PlannedState): ReachabilityHost[] {
  const [first] = addresses;
  if (first === undefined) return [];
  const six = addresses.find((candidate) => familyOfAddress(candidate) === "IPv6");
  if (six !== undefined) return [...new Set([first, six])].map((host) => ({ host }));
  // The host name of a load balancer resolves to addresses in all IP families of the Service.
  const isName = announced.reason === "LoadBalancerHostname";
  const families = serviceFamilies(spec, observed.children.service);
  return isName && families.length > 1
    ? families.map((family) => ({ host: first, family: family === "IPv4" ? 4 : 6 }))
    : [{ host: first }];
}

function tlsOf(mode: PlannedState["spec"]["tls"]["mode"]): ReachabilityTarget["tls"] {
  switch (mode) {
    case "Disabled":
      return "None";
    case "Optional":
    case "Required":
      return "Explicit";
    case "Implicit":
      return "Implicit";
  }
}

function reasonToSkip({ spec, observed }: PlannedState): ProbeRequest | undefined {
  if (spec.reachabilityCheck.mode === "Disabled")
    return disabled("Reachability is not checked, because `spec.reachabilityCheck.mode` is `Disabled`.");
  if (!observed.settings.reachabilityChecks)
    return disabled("Reachability is not checked, because reachability checks are disabled in the operator.");
  if (spec.proxyProtocol.mode === "Enabled")
    return notPossible(
      "`spec.proxyProtocol.mode` is `Enabled`, but the operator does not connect through the proxy",
    );
  if (spec.tls.clientCertificates.mode === "Required")
    return notPossible("`spec.tls.clientCertificates.mode` is `Required`");
  if (spec.networkPolicy.mode === "Managed" && spec.networkPolicy.allowedClients.length > 0)
    return notPossible("`spec.networkPolicy.allowedClients` does not permit the operator");
  return undefined;
}

function disabled(message: string): ProbeRequest {
  return { type: "Skip", reason: "CheckDisabled", message };
}

function notPossible(cause: string): ProbeRequest {
  const message = `The operator cannot check reachability, because ${cause}. Run \`ftp-operator check\` from a client network.`;
  return { type: "Skip", reason: "CheckNotPossible", message };
}
