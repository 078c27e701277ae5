import { isIPv4 } from "node:net";
import type { AnnouncedAddress } from "../../api/engine-config.ts";
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import { trafficPolicy } from "./traffic-policy.ts";
import { type AddressSource, exposureAddresses } from "./client-addresses.ts";
import { familyOfAddress, serviceFamilies } from "./ip-families.ts";
import type { Observed } from "../model/observed.ts";

/** The address that PASV is to announce, or why there is none yet. */
export interface AddressOutcome {
  announced: AnnouncedAddress;
  reason: string;
  message: string;
  /** It is on its way, and its coming is told by a watch. */
  isAwaited?: boolean;
  /** Clients connect over IPv6 alone, and PASV has no form for that (RFC 2428). */
  isNeedless?: boolean;
}

/** How often an engine resolves a balancer's host name again. */
const BALANCER_NAME_REFRESH_SECONDS = 30;

/** What the server announces now. A node's address stays while a ready node still has it, and none has a better kind. */
export function decideAddress(spec: FtpServerSpec, observed: Observed): AddressOutcome {
  const { address } = spec.passive;
  if (address.type === "Static" && address.static !== undefined) {
    return assigned({ type: "Static", ...address.static }, "Static", "from spec.passive.address");
  }
  if (address.type === "Hostname" && address.hostname !== undefined) {
    const { name, refreshPeriodSeconds } = address.hostname;
    return assigned(
      { type: "Hostname", name, refreshPeriodSeconds },
      "Hostname",
      "from spec.passive.address",
    );
  }
  if (address.type === "ControlConnection") {
    const message = "PASV announces the address that each client connected to.";
    return { announced: { type: "ControlConnection" }, reason: "ControlConnection", message };
  }
  return fromExposure(spec, observed);
}

/** The text that stands for an announced address in status and messages. */
export function addressText(announced: AnnouncedAddress): string | undefined {
  switch (announced.type) {
    case "Unknown":
      return undefined;
    case "Static":
      return announced.address;
    case "Hostname":
      return announced.name;
    case "ControlConnection":
      return undefined;
  }
}

/** Returns all addresses that clients can connect to: the announced one, then IPv4 and host names, then IPv6. */
export function reachableAddresses(
  spec: FtpServerSpec,
  observed: Observed,
  announced: AnnouncedAddress,
): string[] {
  const text = addressText(announced);
  const { addresses } = exposureAddresses(spec, observed);
  return [...new Set([...(text === undefined ? [] : [text]), ...addresses])];
}

/** Reasons and origins of an IPv4 address. */
const ORIGINS: Readonly<Record<AddressSource, { reason: string; origin: string }>> = {
  LoadBalancer: { reason: "LoadBalancerAddress", origin: "from the load balancer" },
  Cluster: { reason: "ClusterAddress", origin: "inside the cluster" },
  Node: { reason: "NodeAddress", origin: "of a node" },
  PodHost: { reason: "PodHostAddress", origin: "of the pod's node" },
};

function fromExposure(spec: FtpServerSpec, observed: Observed): AddressOutcome {
  const { addresses, source } = exposureAddresses(spec, observed);
  const [first] = addresses;
  const address = addresses.find((candidate) => isIPv4(candidate));
  const { reason, origin } = ORIGINS[source];
  if (address !== undefined) return assigned({ type: "Static", address }, reason, origin);
  const name = addresses.find((candidate) => familyOfAddress(candidate) === undefined);
  if (name !== undefined) {
    const announced = {
      type: "Hostname",
      name,
      refreshPeriodSeconds: BALANCER_NAME_REFRESH_SECONDS,
    } as const;
    return assigned(announced, "LoadBalancerHostname", "from the load balancer, resolved by the engine");
  }
  return first === undefined ? missing(spec, observed) : withoutIPv4(spec, observed, addresses);
}

/** The exposure has IPv6 addresses only. */
function withoutIPv4(spec: FtpServerSpec, observed: Observed, addresses: readonly string[]): AddressOutcome {
  const list = addresses.join(", ");
  const isExpected =
    spec.exposure.type !== "HostPort" && serviceFamilies(spec, observed.children.service).includes("IPv4");
  if (isExpected)
    return unknown(
      "NoIPv4Address",
      `The Service has the address ${list} and no IPv4 address, which PASV requires. EPSV works. ` +
        "Give the Service an IPv4 address, set spec.exposure.service.ipFamilies to [IPv6], or set spec.passive.address.",
    );
  const message = `Clients connect to ${list} and use EPSV. PASV supports only IPv4 and replies 425.`;
  return { ...unknown("IPv6Only", message), isNeedless: true };
}

/** Why there is no address at all. */
function missing(spec: FtpServerSpec, { nodes, children }: Observed): AddressOutcome {
  switch (spec.exposure.type) {
    case "LoadBalancer":
      return awaited(
        "LoadBalancerPending",
        "The load balancer has not given the Service an address yet. If this lasts, see `kubectl describe service " +
          `${children.service?.metadata.name ?? ""}\`: the cluster needs a load balancer controller with free addresses. ` +
          "Where it has none, use spec.exposure.type NodePort, or set spec.passive.address.",
      );
    case "ClusterIP":
      return awaited("ClusterAddressPending", "The Service has no cluster address yet.");
    case "NodePort":
      if (nodes !== undefined && trafficPolicy(spec) !== "Local")
        return unknown(
          "NoNodeAddress",
          "No ready node has an address of the Service's IP families. See `kubectl get nodes -o wide`, or set spec.passive.address.",
        );
      return noPod(nodes === undefined ? " and the operator cannot list nodes" : "");
    case "HostPort":
      return noPod("");
  }
}

function noPod(besides: string): AddressOutcome {
  return awaited(
    "NoNodeAddress",
    `No ready pod runs on a node with a known address yet${besides}. Wait for the pod, or set spec.passive.address.`,
  );
}

function assigned(announced: AnnouncedAddress, reason: string, origin: string): AddressOutcome {
  return { announced, reason, message: `PASV announces ${addressText(announced) ?? ""}, ${origin}.` };
}

function unknown(reason: string, message: string): AddressOutcome {
  return { announced: { type: "Unknown" }, reason, message };
}

function awaited(reason: string, message: string): AddressOutcome {
  return { ...unknown(reason, message), isAwaited: true };
}
