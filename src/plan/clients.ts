import ipaddr from "ipaddr.js";
import type { Context } from "./context.ts";
import { admittedSources, toCidr } from "./exposure.ts";

/** A CIDR that no connection comes from: what an empty list of clients looks like where an empty list means everybody. */
const NOBODY = "0.0.0.0/32";

/**
 * The clients that a balancer may let in; empty for everybody. Under Cluster the NetworkPolicy sees nodes instead of
 * clients, so its list is enforced here, where addresses are still true (kube-proxy looks before it masquerades).
 */
export function allowedSourceRanges({ spec, trafficPolicy }: Context): string[] {
  const { sourceRanges = [] } = spec.exposure.loadBalancer ?? {};
  const isEnforced = spec.networkPolicy.mode === "Managed" && trafficPolicy === "Cluster";
  const policyClients = isEnforced ? admittedSources(spec) : [];
  return intersect(sourceRanges.map(toCidr), policyClients.map(toCidr));
}

/** Clients in both lists, where an empty list stands for everybody. */
function intersect(a: readonly string[], b: readonly string[]): string[] {
  if (a.length === 0 || b.length === 0) return [...a, ...b];
  const both = a.flatMap((left) => b.flatMap((right) => narrower(left, right)));
  return both.length === 0 ? [NOBODY] : [...new Set(both)];
}

/** Two CIDRs are apart, or one holds the other. */
function narrower(a: string, b: string): string[] {
  const [addressA, bitsA] = ipaddr.parseCIDR(a);
  const [addressB, bitsB] = ipaddr.parseCIDR(b);
  if (addressA.kind() !== addressB.kind()) return [];
  if (!addressA.match(addressB, Math.min(bitsA, bitsB))) return [];
  return [bitsA > bitsB ? a : b];
}
