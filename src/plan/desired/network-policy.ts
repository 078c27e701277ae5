import type { PortRange } from "../../api/engine-config.ts";
import {
  childNames,
  CONTAINER_CONTROL_PORT,
  CONTAINER_METRICS_PORT,
  selectorLabels,
} from "../../api/names.ts";
import type { Context } from "../model/decision.ts";
import { admittedSources, toCidr } from "../network/traffic-policy.ts";
import type { Settings } from "../model/observed.ts";
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyRule } from "../model/objects.ts";
import { childMetadata } from "./child-metadata.ts";

const DNS_PORT = 53;
/** Active mode never dials below: RFC 2577 section 3. */
const FIRST_ACTIVE_PORT = 1024;
const LAST_PORT = 65535;

/** Opens the control port and the passive range to the allowed clients, and nothing else. */
export function buildNetworkPolicy(
  context: Context,
  published: readonly PortRange[],
): NetworkPolicy | undefined {
  const { server, spec } = context;
  if (spec.networkPolicy.mode === "Disabled") return undefined;
  const { name } = server.metadata;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: childMetadata(server, childNames.networkPolicy(name)),
    spec: {
      podSelector: { matchLabels: selectorLabels(name) },
      policyTypes: ["Ingress", "Egress"],
      ingress: [clientRule(context, published), ...metricsRules(context)],
      egress: [...dnsRules(), ...activeRules(context)],
    },
  };
}

/** A rule without `from` lets everybody in. */
function clientRule(context: Context, published: readonly PortRange[]): NetworkPolicyRule {
  const ports: NetworkPolicyRule["ports"] = [
    { protocol: "TCP", port: CONTAINER_CONTROL_PORT },
    ...published.map(({ first, last }) => ({ protocol: "TCP" as const, port: first, endPort: last })),
  ];
  const from = ingressPeers(context);
  return from.length === 0 ? { ports } : { ports, from };
}

/**
 * Empty for everybody. Where nodes masquerade, clients come as nodes; where those are unknown, a list would lock clients
 * out, so none is enforced here.
 */
function ingressPeers({ spec, trafficPolicy, maskedClients }: Context): NetworkPolicyPeer[] {
  const allowedClients = admittedSources(spec);
  if (allowedClients.length === 0) return [];
  const isProxied = spec.proxyProtocol.mode === "Enabled";
  if (trafficPolicy === "Cluster" && maskedClients.length === 0 && !isProxied) return [];
  return [...new Set([...allowedClients, ...maskedClients].map(toCidr))].map((cidr) => ({
    ipBlock: { cidr },
  }));
}

/** The operator reads the reports of engines. */
function metricsRules({ spec, observed }: Context): NetworkPolicyRule[] {
  const scrapers = spec.networkPolicy.metricsFrom.map(({ cidr, ...selectors }) =>
    cidr === undefined ? selectors : { ipBlock: { cidr } },
  );
  const from = [...scrapers, ...operatorPeers(observed.settings)];
  return from.length === 0 ? [] : [{ ports: [{ protocol: "TCP", port: CONTAINER_METRICS_PORT }], from }];
}

function operatorPeers({ operatorPods }: Settings): NetworkPolicyPeer[] {
  if (operatorPods === undefined) return [];
  const { namespace, labels } = operatorPods;
  return [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      podSelector: { matchLabels: labels },
    },
  ];
}

function dnsRules(): NetworkPolicyRule[] {
  return [
    {
      ports: [
        { protocol: "UDP", port: DNS_PORT },
        { protocol: "TCP", port: DNS_PORT },
      ],
    },
  ];
}

function activeRules({ spec }: Context): NetworkPolicyRule[] {
  if (spec.active.mode === "Disabled") return [];
  const ports: NetworkPolicyRule["ports"] = [
    { protocol: "TCP", port: FIRST_ACTIVE_PORT, endPort: LAST_PORT },
  ];
  const to = spec.networkPolicy.allowedClients.map((block) => ({ ipBlock: { cidr: toCidr(block) } }));
  return [to.length === 0 ? { ports } : { ports, to }];
}
