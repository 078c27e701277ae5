import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import type { Pod, Service } from "../model/objects.ts";
import { isReady, isTerminating } from "../model/objects.ts";
import type { Observed } from "../model/observed.ts";
import { type Family, familyOfAddress, serviceFamilies } from "./ip-families.ts";
import { trafficPolicy } from "./traffic-policy.ts";

/** Type of the object that provides the addresses. */
export type AddressSource = "LoadBalancer" | "Node" | "PodHost" | "Cluster";

/** Addresses to which clients connect with the configured exposure. */
export interface ClientAddresses {
  /** IPv4 addresses and host names precede IPv6 addresses. A node contributes at most one address for each family. */
  addresses: readonly string[];
  source: AddressSource;
}

/** Returns the port to which clients open the control connection. */
export function clientControlPort({ exposure }: FtpServerSpec): number {
  return exposure.type === "NodePort" && exposure.nodePort !== undefined
    ? exposure.nodePort.controlPort
    : exposure.controlPort;
}

/** Returns the addresses to which clients connect. */
export function clientAddresses(spec: FtpServerSpec, observed: Observed): ClientAddresses {
  const { addresses, source } = candidates(spec, observed);
  return { addresses: [...new Set(addresses)].toSorted((a, b) => rankOf(a) - rankOf(b)), source };
}

function rankOf(address: string): number {
  return familyOfAddress(address) === "IPv6" ? 1 : 0;
}

function candidates(spec: FtpServerSpec, observed: Observed): ClientAddresses {
  const { service } = observed.children;
  switch (spec.exposure.type) {
    case "LoadBalancer":
      return loadBalancerAddresses(service);
    case "ClusterIP":
      return clusterAddresses(service);
    case "NodePort":
      if (trafficPolicy(spec) === "Local") return servingPodAddresses(observed);
      return anyNodeAddresses(observed, serviceFamilies(spec, service));
    case "HostPort":
      return servingPodAddresses(observed);
  }
}

function loadBalancerAddresses(service: Service | undefined): ClientAddresses {
  const ingress = service?.status?.loadBalancer?.ingress ?? [];
  const addresses = ingress.map(({ ip, hostname }) => ip ?? hostname ?? "");
  return { addresses: addresses.filter((address) => address !== ""), source: "LoadBalancer" };
}

/** Returns the cluster IPs of a Service. The field `spec.clusterIP` of a headless Service contains `None`. */
function clusterAddresses(service: Service | undefined): ClientAddresses {
  const { clusterIP = "", clusterIPs = [clusterIP] } = service?.spec ?? {};
  return { addresses: clusterIPs.filter((address) => familyOfAddress(address)), source: "Cluster" };
}

/**
 * Returns one node address for each family, preferably an external address. Returns the current address while a ready
 * node has that address.
 */
function anyNodeAddresses(observed: Observed, families: readonly Family[]): ClientAddresses {
  const { nodes, children } = observed;
  const pick = (find: (family: Family) => string | undefined): string[] =>
    families.flatMap((family) => find(family) ?? []);
  if (nodes === undefined) {
    const hosts = children.pods.flatMap(hostAddresses).toSorted();
    const addresses = pick((family) => currentOrFirst(ofFamily(hosts, family), observed));
    return { addresses, source: "PodHost" };
  }
  const addresses = pick(
    (family) =>
      currentOrFirst(nodeAddresses(nodes, "ExternalIP", family), observed) ??
      currentOrFirst(nodeAddresses(nodes, "InternalIP", family), observed),
  );
  return { addresses, source: "Node" };
}

/**
 * Returns the addresses of the node that runs the serving pod. External addresses are preferred. While no pod is ready,
 * returns the current addresses.
 */
function servingPodAddresses(observed: Observed): ClientAddresses {
  const { nodes = [], children } = observed;
  const serving = children.pods.filter((pod) => !isTerminating(pod) && isReady(pod));
  const hosts = serving.map(hostAddresses).find((addresses) => addresses.length > 0);
  if (hosts === undefined)
    return { addresses: currentAddresses(observed).filter(familyOfAddress), source: "PodHost" };
  const node = nodes.find(({ addresses }) => addresses.some(({ address }) => hosts.includes(address)));
  const own = node === undefined ? [] : [{ ...node, ready: true }];
  const addresses = (["IPv4", "IPv6"] as const).flatMap((family) => {
    const [external] = nodeAddresses(own, "ExternalIP", family);
    return external ?? ofFamily(hosts, family)[0] ?? [];
  });
  return { addresses, source: "PodHost" };
}

/**
 * Returns the addresses of the node on which a pod runs, in the IP families of the pod. A host port exists only in
 * these families.
 */
function hostAddresses({ status }: Pod): string[] {
  const { hostIP, hostIPs, podIPs } = status ?? {};
  const hosts = hostIPs?.map(({ ip }) => ip) ?? (hostIP === undefined ? [] : [hostIP]);
  if (podIPs === undefined) return hosts;
  const families = new Set(podIPs.map(({ ip }) => familyOfAddress(ip)));
  return hosts.filter((host) => families.has(familyOfAddress(host)));
}

function nodeAddresses(
  nodes: NonNullable<Observed["nodes"]>,
  type: "ExternalIP" | "InternalIP",
  family: Family,
): string[] {
  const addresses = nodes
    .filter(({ ready }) => ready)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((node) => node.addresses)
    .filter((address) => address.type === type);
  return ofFamily(
    addresses.map(({ address }) => address),
    family,
  );
}

function ofFamily(addresses: readonly string[], family: Family): string[] {
  return addresses.filter((address) => familyOfAddress(address) === family);
}

function currentAddresses({ server }: Observed): string[] {
  return (server.status?.addresses ?? []).map(({ value }) => value);
}

function currentOrFirst(candidates: readonly string[], observed: Observed): string | undefined {
  const current = currentAddresses(observed);
  return candidates.find((candidate) => current.includes(candidate)) ?? candidates[0];
}
