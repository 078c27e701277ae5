import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import type { TrafficPolicy } from "../model/decision.ts";
import type { Service } from "../model/objects.ts";
import { type Family, possibleFamilies } from "./ip-families.ts";

/** CIDRs that match no client. An empty list would admit all clients. */
const NO_CLIENTS: Readonly<Record<Family, string>> = { IPv4: "0.0.0.0/32", IPv6: "::/128" };

/**
 * Returns the networks that can connect to the pods: the allowed clients, or the trusted proxies. An empty list admits
 * all clients.
 */
export function admittedSources({ networkPolicy, proxyProtocol }: FtpServerSpec): readonly string[] {
  return proxyProtocol.mode === "Enabled" ? proxyProtocol.trustedSources : networkPolicy.allowedClients;
}

/** Converts an address to a CIDR. Returns a CIDR unchanged. */
export function toCidr(block: string): string {
  if (block.includes("/")) return block;
  return isIP(block) === 6 ? `${block}/128` : `${block}/32`;
}

/** Properties of the connections to a load balancer. */
interface Access {
  service: Service | undefined;
  trafficPolicy: TrafficPolicy;
  /**
   * True when the load balancer sends PROXY headers. False when only a proxy in front of the load balancer can send
   * these headers.
   */
  sendsProxyHeaders: boolean;
}

/**
 * Returns the client networks that a load balancer admits. An empty list admits all clients. With the traffic policy
 * `Cluster`, a NetworkPolicy evaluates node addresses instead of client addresses. The load balancer then also enforces
 * `spec.networkPolicy.allowedClients`, because kube-proxy checks source ranges before the address translation. Trusted
 * proxies are clients of the load balancer only when the proxies are in front of the load balancer.
 */
export function sourceRanges(
  spec: FtpServerSpec,
  { service, trafficPolicy, sendsProxyHeaders }: Access,
): string[] {
  const configured = (spec.exposure.loadBalancer?.sourceRanges ?? []).map(toCidr);
  const isEnforced = spec.networkPolicy.mode === "Managed" && trafficPolicy === "Cluster";
  const admitted = sendsProxyHeaders ? spec.networkPolicy.allowedClients : admittedSources(spec);
  const policyClients = isEnforced ? admitted.map(toCidr) : [];
  if (configured.length === 0 && policyClients.length === 0) return [];
  return closeFamilies(intersect(configured, policyClients), possibleFamilies(spec, service));
}

/**
 * For each IP family without ranges, adds a range that matches no client. Otherwise, kube-proxy would admit all clients
 * of that family. The result contains only families that the Service can have, because AWS rejects IPv6 ranges for an
 * IPv4 load balancer.
 */
function closeFamilies(ranges: readonly string[], families: readonly Family[]): string[] {
  const open = families.filter((family) => !ranges.some((range) => familyOf(range) === family));
  return [...ranges, ...open.map((family) => NO_CLIENTS[family])];
}

function familyOf(cidr: string): Family {
  return ipaddr.parseCIDR(cidr)[0].kind() === "ipv4" ? "IPv4" : "IPv6";
}

/** Returns the networks that both lists contain. An empty input list contains all clients. */
function intersect(a: readonly string[], b: readonly string[]): string[] {
  if (a.length === 0 || b.length === 0) return [...a, ...b];
  return [...new Set(a.flatMap((left) => b.flatMap((right) => narrower(left, right))))];
}

/**
 * Returns the narrower of two overlapping CIDRs, or an empty list if the CIDRs do not overlap. Two CIDRs are either
 * disjoint or nested.
 */
function narrower(a: string, b: string): string[] {
  if (familyOf(a) !== familyOf(b)) return [];
  const [addressA, bitsA] = ipaddr.parseCIDR(a);
  const [addressB, bitsB] = ipaddr.parseCIDR(b);
  if (!addressA.match(addressB, Math.min(bitsA, bitsB))) return [];
  return [bitsA > bitsB ? a : b];
}
