import type { PortRange } from "../api/engine-config.ts";
import { reachableAddresses } from "./network/announced-address.ts";
import { passivePortsPublished } from "./conditions/passive-ports-published.ts";
import type { Decision } from "./model/decision.ts";
import { announcedControlPort } from "./network/traffic-policy.ts";
import { familyOfAddress, serviceFamilies } from "./network/ip-families.ts";

/** Host name or IP address, and the address family to resolve a name in. */
export interface ReachabilityHost {
  host: string;
  family?: 4 | 6;
}

/** What a client of the operator dials, to see whether others can. */
export interface ReachabilityTarget {
  /** One for each address family of the Service, the one in the endpoint first. */
  hosts: ReachabilityHost[];
  port: number;
  tls: "None" | "Explicit" | "Implicit";
  /** See EngineCheck. */
  token: string;
  /** Where PASV may lead some clients instead. */
  dataAddresses: string[];
  /** Slots that serve: a listing has to come over a port of each. */
  slots: { name: string; ports: PortRange }[];
}

/** What a check found. */
export type ReachabilityOutcome =
  | {
      type: "Reachable";
      /** Names of slots that no login came to. */
      unmet: string[];
      /** What listings came over, for example PASV. */
      commands: readonly string[];
      /** Hosts that were dialled, and those of a family that the operator itself does not have. */
      hosts: readonly string[];
      skipped: readonly string[];
    }
  /** `reason`: of the step that failed; `detail`: what was seen; `usualCause`: what is behind it, and what to do. */
  | { type: "Unreachable"; reason: string; detail: string; usualCause: string };

export type ProbeRequest =
  | { type: "Check"; target: ReachabilityTarget; periodSeconds: number }
  /** A check is not wished, or could tell nothing. */
  | { type: "Skip"; reason: string; message: string }
  /** There is nothing to dial now; what was found before stands. */
  | { type: "Wait" };

/** Whether the way to a server is to be tried, and how. */
export function probeRequest(decision: Decision): ProbeRequest {
  const { spec, observed, slots } = decision;
  const skip = reasonToSkip(decision);
  if (skip !== undefined) return skip;
  const hosts = hostsOf(decision);
  const serving = slots.filter(({ state }) => state === "Serving");
  if (hosts.length === 0 || serving.length === 0 || passivePortsPublished(decision).status !== "True")
    return { type: "Wait" };
  return {
    type: "Check",
    periodSeconds: spec.reachabilityCheck.periodSeconds,
    target: {
      hosts,
      port: announcedControlPort(spec),
      tls: tlsOf(spec.tls.mode),
      token: observed.checkToken,
      dataAddresses: (spec.passive.address.overrides ?? []).map((override) => override.address),
      slots: serving.map(({ name, ports }) => ({ name, ports })),
    },
  };
}

/** A host for each family that clients can connect in. What PASV announces is dialled first, so that it is checked too. */
function hostsOf({ spec, observed, address }: Decision): ReachabilityHost[] {
  const addresses = reachableAddresses(spec, observed, address.announced);
  const [first] = addresses;
  if (first === undefined) return [];
  const six = addresses.find((candidate) => familyOfAddress(candidate) === "IPv6");
  if (six !== undefined) return [...new Set([first, six])].map((host) => ({ host }));
  // The name of a load balancer, which has addresses of all families of the Service.
  const isName = address.reason === "LoadBalancerHostname";
  const families = serviceFamilies(spec, observed.children.service);
  return isName && families.length > 1
    ? families.map((family) => ({ host: first, family: family === "IPv4" ? 4 : 6 }))
    : [{ host: first }];
}

function tlsOf(mode: Decision["spec"]["tls"]["mode"]): ReachabilityTarget["tls"] {
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

function reasonToSkip({ spec, observed }: Decision): ProbeRequest | undefined {
  if (spec.reachabilityCheck.mode === "Disabled")
    return skip("CheckDisabled", "spec.reachabilityCheck.mode is Disabled.");
  if (!observed.settings.reachabilityChecks)
    return skip("CheckDisabled", "The operator was told to check no server.");
  if (spec.proxyProtocol.mode === "Enabled")
    return notPossible("its connections would not come through the proxy (spec.proxyProtocol)");
  if (spec.tls.clientCertificates.mode === "Required")
    return notPossible("it has no client certificate (spec.tls.clientCertificates)");
  if (spec.networkPolicy.mode === "Managed" && spec.networkPolicy.allowedClients.length > 0)
    return notPossible("it is not one of spec.networkPolicy.allowedClients");
  return undefined;
}

function notPossible(why: string): ProbeRequest {
  return skip(
    "CheckNotPossible",
    `The operator can not dial in: ${why}. Run \`ftp-operator check\` where a client stands.`,
  );
}

function skip(reason: string, message: string): ProbeRequest {
  return { type: "Skip", reason, message };
}
