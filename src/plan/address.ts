import { isIPv4 } from "node:net";
import type { AnnouncedAddress } from "../api/engine-config.ts";
import { trafficPolicy } from "./exposure.ts";
import type { NodeAddresses, Observed } from "./observed.ts";
import { isReady, isTerminating } from "./objects.ts";
import type { Pod, Service } from "./objects.ts";
import type { FtpServerSpec } from "../api/ftpserver.generated.ts";

/** The address that PASV is to announce, or why there is none yet. */
export interface AddressOutcome {
  announced: AnnouncedAddress;
  reason: string;
  message: string;
  /** It is on its way, and its coming is told by a watch. */
  isAwaited?: boolean;
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

/** Returns the address of the exposure itself, independent of what PASV announces. */
export function exposureAddress(spec: FtpServerSpec, observed: Observed): string | undefined {
  return addressText(fromExposure(spec, observed).announced);
}

/** Returns all addresses that clients can connect to, the announced one first. */
export function reachableAddresses(
  spec: FtpServerSpec,
  observed: Observed,
  announced: AnnouncedAddress,
): string[] {
  const ingress =
    spec.exposure.type === "LoadBalancer"
      ? (observed.children.service?.status?.loadBalancer?.ingress ?? []).map(
          ({ ip, hostname }) => ip ?? hostname,
        )
      : [];
  const addresses = [addressText(announced), exposureAddress(spec, observed), ...ingress];
  return [
    ...new Set(addresses.flatMap((address) => (address === undefined || address === "" ? [] : [address]))),
  ];
}

function fromExposure(spec: FtpServerSpec, observed: Observed): AddressOutcome {
  switch (spec.exposure.type) {
    case "LoadBalancer":
      return fromLoadBalancer(observed.children.service);
    case "NodePort":
      return trafficPolicy(spec) === "Local" ? fromPodNode(observed) : fromNodes(observed);
    case "ClusterIP":
      return fromClusterIP(observed.children.service);
    case "HostPort":
      return fromPodNode(observed);
  }
}

function fromLoadBalancer(service: Service | undefined): AddressOutcome {
  const ingress = service?.status?.loadBalancer?.ingress ?? [];
  const address = ingress.find(({ ip }) => ip !== undefined && isIPv4(ip))?.ip;
  if (address !== undefined) {
    return assigned({ type: "Static", address }, "LoadBalancerAddress", "from the load balancer");
  }
  const name = ingress.find(({ hostname }) => hostname !== undefined && hostname !== "")?.hostname;
  if (name !== undefined) {
    const announced = {
      type: "Hostname",
      name,
      refreshPeriodSeconds: BALANCER_NAME_REFRESH_SECONDS,
    } as const;
    return assigned(announced, "LoadBalancerHostname", "from the load balancer, resolved by the engine");
  }
  if (ingress.length > 0) {
    return unknown(
      "NoIPv4Address",
      `The load balancer gave ${ingress.map(({ ip }) => ip).join(", ")}, but PASV can announce IPv4 only; EPSV works. ` +
        "Ask the balancer for an IPv4 address, or set spec.passive.address to the one that clients reach.",
    );
  }
  return awaited(
    "LoadBalancerPending",
    "The load balancer has not given the Service an address yet. If this lasts, see `kubectl describe service " +
      `${service?.metadata.name ?? ""}\`: the cluster needs a load balancer controller with free addresses. ` +
      "Where it has none, use spec.exposure.type NodePort, or set spec.passive.address.",
  );
}

function fromClusterIP(service: Service | undefined): AddressOutcome {
  const address = service?.spec.clusterIP;
  if (address !== undefined && isIPv4(address)) {
    return assigned({ type: "Static", address }, "ClusterAddress", "inside the cluster");
  }
  if (address === undefined || address === "") {
    return awaited("ClusterAddressPending", "The Service has no cluster address yet.");
  }
  return unknown(
    "NoIPv4Address",
    `The Service's address is ${address}, but PASV can announce IPv4 only; EPSV works. ` +
      "Set spec.passive.address to an IPv4 address that clients reach.",
  );
}

function fromNodes({ nodes, server, children }: Observed): AddressOutcome {
  const current = (server.status?.addresses ?? []).map(({ value }) => value);
  if (nodes === undefined) return fromHostAddress(children.pods, current);
  const address =
    currentOrFirst(addressesOfType(nodes, "ExternalIP"), current) ??
    currentOrFirst(addressesOfType(nodes, "InternalIP"), current);
  if (address !== undefined) return assigned({ type: "Static", address }, "NodeAddress", "of a node");
  return unknown(
    "NoNodeAddress",
    "No ready node has an IPv4 address. See `kubectl get nodes -o wide`, or set spec.passive.address.",
  );
}

function addressesOfType(nodes: readonly NodeAddresses[], type: "ExternalIP" | "InternalIP"): string[] {
  return nodes
    .filter(({ ready }) => ready)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ addresses }) => addresses)
    .filter((address) => address.type === type && isIPv4(address.address))
    .map(({ address }) => address);
}

/** The node of the pod that serves, by its outer address where it has one. */
function fromPodNode({ nodes = [], server, children }: Observed): AddressOutcome {
  const serving = children.pods.filter((pod) => !isTerminating(pod) && isReady(pod));
  const host = serving.map(({ status }) => status?.hostIP).find((ip) => ip !== undefined);
  const node = nodes.find(({ addresses }) => addresses.some(({ address }) => address === host));
  const [outer] = node === undefined ? [] : addressesOfType([{ ...node, ready: true }], "ExternalIP");
  const address = outer ?? host ?? server.status?.addresses?.[0]?.value;
  if (address !== undefined && isIPv4(address))
    return assigned({ type: "Static", address }, "PodHostAddress", "of the pod's node");
  return awaited(
    "NoNodeAddress",
    "No pod serves on a node with a known IPv4 address yet. Wait for the pod, or set spec.passive.address.",
  );
}

function fromHostAddress(pods: readonly Pod[], current: readonly string[]): AddressOutcome {
  const hosts = pods
    .flatMap(({ status }) => (status?.hostIP === undefined ? [] : [status.hostIP]))
    .filter(isIPv4)
    .toSorted();
  const address = currentOrFirst(hosts, current);
  if (address !== undefined)
    return assigned({ type: "Static", address }, "PodHostAddress", "of a pod's node");
  return awaited(
    "NoNodeAddress",
    "No pod runs on a node with a known IPv4 address yet, and the operator may not list nodes. " +
      "Wait for the pod, or set spec.passive.address.",
  );
}

function currentOrFirst(candidates: readonly string[], current: readonly string[]): string | undefined {
  return candidates.find((candidate) => current.includes(candidate)) ?? candidates[0];
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
