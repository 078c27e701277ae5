import type { PortRange } from "../api/engine-config.ts";
import { addressText, exposureAddress } from "./address.ts";
import { passivePortsPublished } from "./conditions/passive-ports-published.ts";
import type { Decision } from "./context.ts";
import { announcedControlPort } from "./exposure.ts";

/** What a client of the operator dials, to see whether others can. */
export interface ReachabilityTarget {
  /** Host name or IP address. */
  host: string;
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
  /** `unmet`: names of slots that no login came to. */
  | { type: "Reachable"; unmet: string[] }
  /** `reason`: of the step that failed; `detail`: what was seen; `usualCause`: what is behind it, and what to do. */
  | { type: "Unreachable"; reason: string; detail: string; usualCause: string };

export type ReachabilityWish =
  | { type: "Check"; target: ReachabilityTarget; periodSeconds: number }
  /** A check is not wished, or could tell nothing. */
  | { type: "Skip"; reason: string; message: string }
  /** There is nothing to dial now; what was found before stands. */
  | { type: "Wait" };

/** Whether the way to a server is to be tried, and how. */
export function reachabilityWish(decision: Decision): ReachabilityWish {
  const { spec, address, observed, slots } = decision;
  const skip = reasonToSkip(decision);
  if (skip !== undefined) return skip;
  const host = addressText(address.announced) ?? exposureAddress(spec, observed);
  const serving = slots.filter(({ state }) => state === "Serving");
  if (host === undefined || serving.length === 0 || passivePortsPublished(decision).status !== "True")
    return { type: "Wait" };
  return {
    type: "Check",
    periodSeconds: spec.reachabilityCheck.periodSeconds,
    target: {
      host,
      port: announcedControlPort(spec),
      tls: tlsOf(spec.tls.mode),
      token: observed.checkToken,
      dataAddresses: (spec.passive.address.overrides ?? []).map((override) => override.address),
      slots: serving.map(({ name, ports }) => ({ name, ports })),
    },
  };
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

function reasonToSkip({ spec, observed }: Decision): ReachabilityWish | undefined {
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

function notPossible(why: string): ReachabilityWish {
  return skip(
    "CheckNotPossible",
    `The operator can not dial in: ${why}. Run \`ftp-operator check\` where a client stands.`,
  );
}

function skip(reason: string, message: string): ReachabilityWish {
  return { type: "Skip", reason, message };
}
