/** Addresses that clients connect to when nothing but the exposure decides. */
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import { trafficPolicy } from "./traffic-policy.ts";
import { type Family, familyOfAddress, serviceFamilies } from "./ip-families.ts";
import type { Observed } from "../model/observed.ts";
import { isReady, isTerminating } from "../model/objects.ts";
import type { Pod, Service } from "../model/objects.ts";

/** What an address belongs to. */
export type AddressSource = "LoadBalancer" | "Node" | "PodHost" | "Cluster";

export interface ExposureAddresses {
  /** At most one IP address of a node for each address family. IPv4 and host names come before IPv6. */
  addresses: readonly string[];
  source: AddressSource;
}

export function exposureAddresses(spec: FtpServerSpec, observed: Observed): ExposureAddresses {
  const { addresses, source } = candidates(spec, observed);
  return { addresses: [...new Set(addresses)].toSorted((a, b) => rankOf(a) - rankOf(b)), source };
}

function rankOf(address: string): number {
  return familyOfAddress(address) === "IPv6" ? 1 : 0;
}

function candidates(spec: FtpServerSpec, observed: Observed): ExposureAddresses {
  const { service } = observed.children;
  switch (spec.exposure.type) {
    case "LoadBalancer":
      return ofLoadBalancer(service);
    case "ClusterIP":
      return ofCluster(service);
    case "NodePort":
      if (trafficPolicy(spec) === "Local") return ofServingPod(observed);
      return ofNodes(observed, serviceFamilies(spec, service));
    case "HostPort":
      return ofServingPod(observed);
  }
}

function ofLoadBalancer(service: Service | undefined): ExposureAddresses {
  const ingress = service?.status?.loadBalancer?.ingress ?? [];
  const addresses = ingress.map(({ ip, hostname }) => ip ?? hostname ?? "");
  return { addresses: addresses.filter((address) => address !== ""), source: "LoadBalancer" };
}

/** A headless Service has no address. */
function ofCluster(service: Service | undefined): ExposureAddresses {
  const { clusterIP = "", clusterIPs = [clusterIP] } = service?.spec ?? {};
  return { addresses: clusterIPs.filter((address) => familyOfAddress(address)), source: "Cluster" };
}

/** Of any ready node, the external one if any node has one. An address stays while a ready node still has it. */
function ofNodes(observed: Observed, families: readonly Family[]): ExposureAddresses {
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

/** Of the node of the pod that serves; its external ones where it has them. Those before stay while no pod serves. */
function ofServingPod(observed: Observed): ExposureAddresses {
  const { nodes = [], children } = observed;
  const serving = children.pods.filter((pod) => !isTerminating(pod) && isReady(pod));
  const hosts = serving.map(hostAddresses).find((addresses) => addresses.length > 0);
  if (hosts === undefined)
    return { addresses: currentAddresses(observed).filter(familyOfAddress), source: "PodHost" };
  const node = nodes.find(({ addresses }) => addresses.some(({ address }) => hosts.includes(address)));
  const own = node === undefined ? [] : [{ ...node, ready: true }];
  const addresses = (["IPv4", "IPv6"] as const).flatMap((family) => {
    const [outer] = nodeAddresses(own, "ExternalIP", family);
    return outer ?? ofFamily(hosts, family)[0] ?? [];
  });
  return { addresses, source: "PodHost" };
}

/** Addresses of the pod's node, of the families that the pod has: a host port leads to no other. */
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
