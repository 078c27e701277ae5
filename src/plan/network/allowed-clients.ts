import ipaddr from "ipaddr.js";
import type { LoadBalancer } from "./load-balancer.ts";
import type { Context } from "../model/decision.ts";
import { admittedSources, toCidr } from "./traffic-policy.ts";
import { type Family, possibleFamilies } from "./ip-families.ts";

/** CIDRs that no connection comes from: what an empty list of clients looks like where an empty list means everybody. */
const NOBODY: Readonly<Record<Family, string>> = { IPv4: "0.0.0.0/32", IPv6: "::/128" };

/**
 * The clients that a balancer may let in; empty for everybody. Under Cluster the NetworkPolicy sees nodes instead of
 * clients, so its list is enforced here, where addresses are still true (kube-proxy looks before it masquerades). Trusted
 * proxies are clients of a balancer that they stand before, and none of one that sends the headers itself.
 */
export function allowedSourceRanges(
  { spec, trafficPolicy, observed }: Context,
  { sendsProxyHeaders }: Pick<LoadBalancer, "sendsProxyHeaders">,
): string[] {
  const sourceRanges = (spec.exposure.loadBalancer?.sourceRanges ?? []).map(toCidr);
  const isEnforced = spec.networkPolicy.mode === "Managed" && trafficPolicy === "Cluster";
  const admitted = sendsProxyHeaders ? spec.networkPolicy.allowedClients : admittedSources(spec);
  const policyClients = isEnforced ? admitted.map(toCidr) : [];
  if (sourceRanges.length === 0 && policyClients.length === 0) return [];
  const families = possibleFamilies(spec, observed.children.service);
  return closeFamilies(intersect(sourceRanges, policyClients), families);
}

/**
 * A family without any range would be open to all, as kube-proxy looks at those of its own family only. Families that
 * the Service has not stay out: AWS refuses ranges of IPv6 for a balancer of IPv4.
 */
function closeFamilies(ranges: readonly string[], families: readonly Family[]): string[] {
  const open = families.filter((family) => !ranges.some((range) => familyOf(range) === family));
  return [...ranges, ...open.map((family) => NOBODY[family])];
}

function familyOf(cidr: string): Family {
  return ipaddr.parseCIDR(cidr)[0].kind() === "ipv4" ? "IPv4" : "IPv6";
}

/** Clients in both lists, where an empty list stands for everybody. */
function intersect(a: readonly string[], b: readonly string[]): string[] {
  if (a.length === 0 || b.length === 0) return [...a, ...b];
  return [...new Set(a.flatMap((left) => b.flatMap((right) => narrower(left, right))))];
}

/** Two CIDRs are apart, or one holds the other. */
function narrower(a: string, b: string): string[] {
  if (familyOf(a) !== familyOf(b)) return [];
  const [addressA, bitsA] = ipaddr.parseCIDR(a);
  const [addressB, bitsB] = ipaddr.parseCIDR(b);
  if (!addressA.match(addressB, Math.min(bitsA, bitsB))) return [];
  return [bitsA > bitsB ? a : b];
}
