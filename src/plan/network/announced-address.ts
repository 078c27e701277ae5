import { isIPv4 } from "node:net";
import type { AnnouncedAddress } from "../../api/engine-config.ts";
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import type { AddressDecision, AddressReason } from "../model/decision.ts";
import type { Observed } from "../model/observed.ts";
import { type AddressSource, type ClientAddresses, clientAddresses } from "./client-addresses.ts";
import { familyOfAddress, serviceFamilies } from "./ip-families.ts";
import { trafficPolicy } from "./traffic-policy.ts";

/** Interval in seconds at which engines resolve the host name of a load balancer. */
const LOAD_BALANCER_REFRESH_SECONDS = 30;

const IPV4_REASONS: Readonly<Record<AddressSource, AddressReason>> = {
  LoadBalancer: "LoadBalancerAddress",
  Cluster: "ClusterAddress",
  Node: "NodeAddress",
  PodHost: "PodHostAddress",
};

/** Returns the announced address and all addresses that clients can connect to. */
export function decideAddresses(
  spec: FtpServerSpec,
  observed: Observed,
): { announced: AddressDecision; addresses: string[] } {
  const found = clientAddresses(spec, observed);
  const announced = fromSpec(spec) ?? fromExposure(spec, observed, found);
  const text = addressText(announced.address);
  return {
    announced,
    addresses: [...new Set([...(text === undefined ? [] : [text]), ...found.addresses])],
  };
}

/** Formats an announced address. Returns undefined when the address is unknown or differs between clients. */
export function addressText(announced: AnnouncedAddress): string | undefined {
  switch (announced.type) {
    case "Static":
      return announced.address;
    case "Hostname":
      return announced.name;
    case "ControlConnection":
    case "Unknown":
      return undefined;
  }
}

/**
 * Returns whether clients can connect only to the node of a serving pod. The result is also true when the operator
 * cannot list nodes, because the operator then knows only the addresses of nodes that run pods.
 */
export function needsServingPod(spec: FtpServerSpec, { nodes }: Pick<Observed, "nodes">): boolean {
  return spec.exposure.type === "HostPort" || nodes === undefined || trafficPolicy(spec) === "Local";
}

function fromSpec({ passive: { address } }: FtpServerSpec): AddressDecision | undefined {
  if (address.type === "Static" && address.static !== undefined)
    return { address: { type: "Static", ...address.static }, reason: "Static" };
  if (address.type === "Hostname" && address.hostname !== undefined) {
    const { name, refreshPeriodSeconds } = address.hostname;
    return { address: { type: "Hostname", name, refreshPeriodSeconds }, reason: "Hostname" };
  }
  if (address.type === "ControlConnection")
    return { address: { type: "ControlConnection" }, reason: "ControlConnection" };
  return undefined;
}

function fromExposure(
  spec: FtpServerSpec,
  observed: Observed,
  { addresses, source }: ClientAddresses,
): AddressDecision {
  const address = addresses.find((candidate) => isIPv4(candidate));
  if (address !== undefined) return { address: { type: "Static", address }, reason: IPV4_REASONS[source] };
  const name = addresses.find((candidate) => familyOfAddress(candidate) === undefined);
  if (name !== undefined) {
    const refreshPeriodSeconds = LOAD_BALANCER_REFRESH_SECONDS;
    return { address: { type: "Hostname", name, refreshPeriodSeconds }, reason: "LoadBalancerHostname" };
  }
  return {
    address: { type: "Unknown" },
    reason: addresses.length === 0 ? missingReason(spec) : withoutIPv4(spec, observed),
  };
}

/** PASV cannot represent IPv6 addresses (RFC 2428 section 1). */
function withoutIPv4(spec: FtpServerSpec, observed: Observed): AddressReason {
  const expectsIPv4 =
    spec.exposure.type !== "HostPort" && serviceFamilies(spec, observed.children.service).includes("IPv4");
  return expectsIPv4 ? "NoIPv4Address" : "IPv6Only";
}

function missingReason(spec: FtpServerSpec): AddressReason {
  switch (spec.exposure.type) {
    case "LoadBalancer":
      return "LoadBalancerPending";
    case "ClusterIP":
      return "ClusterAddressPending";
    case "NodePort":
    case "HostPort":
      return "NoNodeAddress";
  }
}
