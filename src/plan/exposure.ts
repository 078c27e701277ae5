import { isIP } from "node:net";
import type { Children, NodeAddresses, Observed } from "./observed.ts";
import type { FtpServerSpec } from "../api/ftpserver.generated.ts";
import { mostReplicas } from "../api/replicas.ts";

export type TrafficPolicy = "Local" | "Cluster";

/**
 * Where connections from outside may enter, as far as the spec goes. One pod sees its clients under Local; several pods
 * need Cluster, as under Local a node drops passive ports whose pod is elsewhere. Undefined for exposures that nothing
 * enters by a node.
 */
export function trafficPolicy(spec: FtpServerSpec): TrafficPolicy | undefined {
  const { exposure } = spec;
  switch (exposure.type) {
    case "LoadBalancer":
      return exposure.loadBalancer?.externalTrafficPolicy ?? (mostReplicas(spec) > 1 ? "Cluster" : "Local");
    case "NodePort":
      return "Cluster";
    case "ClusterIP":
    case "HostPort":
      return undefined;
  }
}

/**
 * Where connections enter now. Where the spec leaves it open, Cluster lasts until one pod is left, as sessions of those
 * that drain would get no data connection under Local.
 */
export function presentTrafficPolicy(
  spec: FtpServerSpec,
  { service, pods }: Pick<Children, "service" | "pods">,
): TrafficPolicy | undefined {
  const isOpen = spec.exposure.loadBalancer?.externalTrafficPolicy === undefined;
  const isNeeded = isOpen && pods.length > 1 && service?.spec.externalTrafficPolicy === "Cluster";
  const wished = trafficPolicy(spec);
  return wished === "Local" && isNeeded ? "Cluster" : wished;
}

/** Whether nodes forward connections under their own addresses, and no PROXY header tells the true ones. */
export function hidesClients(spec: FtpServerSpec, policy = trafficPolicy(spec)): boolean {
  return policy === "Cluster" && spec.proxyProtocol.mode === "Disabled";
}

/** The port that clients dial for the control connection. */
export function announcedControlPort({ exposure }: FtpServerSpec): number {
  return exposure.type === "NodePort" && exposure.nodePort !== undefined
    ? exposure.nodePort.controlPort
    : exposure.controlPort;
}

/**
 * Addresses and CIDRs that connections of any client may seem to come from, because a node forwarded and masqueraded
 * them; sorted. Empty when engines see their clients.
 */
export function maskedClients(
  observed: Pick<Observed, "nodes" | "settings">,
  policy: TrafficPolicy | undefined,
): string[] {
  if (policy !== "Cluster") return [];
  const addresses = (observed.nodes ?? []).flatMap(nodeAddresses);
  return [...new Set([...addresses, ...observed.settings.extraNodeAddresses])].toSorted();
}

function nodeAddresses(node: NodeAddresses): string[] {
  return node.addresses.map(({ address }) => address).filter((address) => isIP(address) !== 0);
}

/** Whom the server's connections come from: its clients, or the proxies in front of it. Empty for everybody. */
export function admittedSources({ networkPolicy, proxyProtocol }: FtpServerSpec): readonly string[] {
  return proxyProtocol.mode === "Enabled" ? proxyProtocol.trustedSources : networkPolicy.allowedClients;
}

/** An address or CIDR as a CIDR. */
export function toCidr(block: string): string {
  if (block.includes("/")) return block;
  return isIP(block) === 6 ? `${block}/128` : `${block}/32`;
}
