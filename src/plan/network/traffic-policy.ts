import { isIP } from "node:net";
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import { maxReplicasOf } from "../../api/spec.ts";
import type { TrafficPolicy } from "../model/decision.ts";
import type { Children, NodeAddresses, Observed } from "../model/observed.ts";

/**
 * Returns the external traffic policy that the spec requires. The value `Auto` results in `Local` for a load balancer
 * with one replica, because the only pod then receives client addresses. For several replicas, `Auto` results in
 * `Cluster`, because with `Local` a node drops passive data connections to pods on other nodes. For node ports, `Auto`
 * results in `Cluster`, because clients can connect to any node. Returns undefined for `ClusterIP` and `HostPort`,
 * because their Services have no external traffic policy.
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
 * Returns the traffic policy for the current pods. With the policy `Auto`, a Service keeps `Cluster` until only one pod
 * remains. With `Local`, the sessions of draining pods could not open data connections.
 */
export function currentTrafficPolicy(
  spec: FtpServerSpec,
  { service, pods }: Pick<Children, "service" | "pods">,
): TrafficPolicy | undefined {
  const isAuto = spec.exposure.service.externalTrafficPolicy === "Auto";
  const keepsCluster = isAuto && pods.length > 1 && service?.spec.externalTrafficPolicy === "Cluster";
  const desired = trafficPolicy(spec);
  return desired === "Local" && keepsCluster ? "Cluster" : desired;
}

/** Returns whether nodes replace client addresses and no PROXY header restores these addresses. */
export function hidesClients(spec: FtpServerSpec, policy = trafficPolicy(spec)): boolean {
  return policy === "Cluster" && spec.proxyProtocol.mode === "Disabled";
}

/**
 * Returns the sorted addresses and CIDRs that replace client addresses. Returns an empty list when engines receive
 * client addresses.
 */
export function snatSources(
  spec: FtpServerSpec,
  policy: TrafficPolicy | undefined,
  observed: Pick<Observed, "nodes" | "settings">,
): string[] {
  if (!hidesClients(spec, policy)) return [];
  const addresses = (observed.nodes ?? []).flatMap(ipAddresses);
  return [...new Set([...addresses, ...observed.settings.extraNodeAddresses])].toSorted();
}

function ipAddresses(node: NodeAddresses): string[] {
  return node.addresses.map(({ address }) => address).filter((address) => isIP(address) !== 0);
}
