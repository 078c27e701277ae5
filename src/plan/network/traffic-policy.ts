import { isIP } from "node:net";
import type { Children, NodeAddresses, Observed } from "../model/observed.ts";
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import { maxReplicasOf } from "../../api/replicas.ts";

export type TrafficPolicy = "Local" | "Cluster";

/**
 * Returns the external traffic policy that follows from the spec. With Local, one pod sees the addresses of its clients. Several pods
 * require Cluster, because with Local a node drops passive data connections to pods on other nodes. Node ports require Cluster
 * because clients connect to any node. Undefined for exposures without traffic through nodes.
 */
export function trafficPolicy(spec: FtpServerSpec): TrafficPolicy | undefined {
  const { type, service } = spec.exposure;
  const { externalTrafficPolicy } = service;
  switch (type) {
    case "LoadBalancer":
      return externalTrafficPolicy === "Auto"
        ? maxReplicasOf(spec) > 1
          ? "Cluster"
          : "Local"
        : externalTrafficPolicy;
    case "NodePort":
      return externalTrafficPolicy === "Auto" ? "Cluster" : externalTrafficPolicy;
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
  const isOpen = spec.exposure.service.externalTrafficPolicy === "Auto";
  const isNeeded = isOpen && pods.length > 1 && service?.spec.externalTrafficPolicy === "Cluster";
  const desired = trafficPolicy(spec);
  return desired === "Local" && isNeeded ? "Cluster" : desired;
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
