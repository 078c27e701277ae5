import type { FtpServerNetworkPolicyMetricsFrom } from "../../api/ftpserver.generated.ts";
import {
  childNames,
  CONTAINER_CONTROL_PORT,
  CONTAINER_METRICS_PORT,
  selectorLabels,
} from "../../api/names.ts";
import type { Decision } from "../model/decision.ts";
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyRule } from "../model/objects.ts";
import type { Settings } from "../model/observed.ts";
import { admittedSources, toCidr } from "../network/allowed-clients.ts";
import { childMetadata } from "./child-metadata.ts";
import { sinkUrls } from "./notifications.ts";
import { bucketsOf } from "./storage-volumes.ts";

const DNS_PORT = 53;
/** Lowest port to which the engine connects in active mode (RFC 2577 section 3). */
const FIRST_ACTIVE_PORT = 1024;
const LAST_PORT = 65535;

/**
 * Returns the NetworkPolicy, which opens the control port and the passive ports only to the allowed clients. Returns
 * undefined when `spec.networkPolicy.mode` is `Disabled`.
 */
export function buildNetworkPolicy(decision: Decision): NetworkPolicy | undefined {
  const { server, spec } = decision;
  if (spec.networkPolicy.mode === "Disabled") return undefined;
  const { name } = server.metadata;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: childMetadata(server, childNames.networkPolicy(name)),
    spec: {
      podSelector: { matchLabels: selectorLabels(name) },
      policyTypes: ["Ingress", "Egress"],
      ingress: [clientRule(decision), ...metricsRules(decision)],
      egress: [...dnsRules(), ...activeRules(decision), ...destinationRules(decision)],
    },
  };
}

/** Returns the rule for FTP clients. A rule without `from` admits all clients. */
function clientRule(decision: Decision): NetworkPolicyRule {
  const passive = decision.network.publishedPorts.map(({ first, last }) => ({
    protocol: "TCP" as const,
    port: first,
    endPort: last,
  }));
  const ports: NetworkPolicyRule["ports"] = [{ protocol: "TCP", port: CONTAINER_CONTROL_PORT }, ...passive];
  const from = clientPeers(decision);
  return from.length === 0 ? { ports } : { ports, from };
}

/**
 * Returns the admitted sources. An empty list admits all clients. When nodes replace client addresses, the
 * NetworkPolicy admits the nodes. When the node addresses are unknown, the NetworkPolicy admits all clients, because a
 * list without the node addresses would exclude all clients.
 */
function clientPeers({ spec, network: { trafficPolicy, snatSources } }: Decision): NetworkPolicyPeer[] {
  const sources = admittedSources(spec);
  if (sources.length === 0) return [];
  const isProxied = spec.proxyProtocol.mode === "Enabled";
  if (trafficPolicy === "Cluster" && snatSources.length === 0 && !isProxied) return [];
  return [...new Set([...sources, ...snatSources].map(toCidr))].map((cidr) => ({ ipBlock: { cidr } }));
}

/** Returns the rule for the metrics port. The operator reads engine reports from the metrics port. */
function metricsRules({ spec, observed }: Decision): NetworkPolicyRule[] {
  const scrapers = spec.networkPolicy.metricsFrom.map(toPeer);
  const from = [...scrapers, ...operatorPeers(observed.settings)];
  return from.length === 0 ? [] : [{ ports: [{ protocol: "TCP", port: CONTAINER_METRICS_PORT }], from }];
}

function toPeer({ cidr, ...selectors }: FtpServerNetworkPolicyMetricsFrom): NetworkPolicyPeer {
  return cidr === undefined ? selectors : { ipBlock: { cidr } };
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

function activeRules({ spec }: Decision): NetworkPolicyRule[] {
  if (spec.active.mode === "Disabled") return [];
  const ports: NetworkPolicyRule["ports"] = [
    { protocol: "TCP", port: FIRST_ACTIVE_PORT, endPort: LAST_PORT },
  ];
  const to = spec.networkPolicy.allowedClients.map((block) => ({ ipBlock: { cidr: toCidr(block) } }));
  return [to.length === 0 ? { ports } : { ports, to }];
}

/**
 * Returns the egress rules for the destinations in the spec. When `spec.networkPolicy.egress` is empty, the rules
 * permit the ports of the endpoints and sinks at all addresses.
 */
function destinationRules(decision: Decision): NetworkPolicyRule[] {
  const { egress } = decision.spec.networkPolicy;
  if (egress.length > 0)
    return egress.map(({ to, ports }) => ({
      ports: ports.map((port) => ({ protocol: "TCP" as const, port })),
      to: to.map(toPeer),
    }));
  const endpoints = bucketsOf(decision).flatMap(({ endpoint, webIdentity }) => [
    endpoint,
    ...(webIdentity === undefined ? [] : [webIdentity.stsEndpoint]),
  ]);
  const urls = [...endpoints, ...sinkUrls(decision)];
  const ports = [...new Set(urls.map((url) => portOf(url)))];
  return ports.length === 0 ? [] : [{ ports: ports.map((port) => ({ protocol: "TCP" as const, port })) }];
}

/** @param url URL of the destination, or undefined for the default endpoint */
function portOf(url = "https://s3.amazonaws.com"): number {
  const { protocol, port } = new URL(url);
  if (port !== "") return Number(port);
  return protocol === "http:" ? 80 : 443;
}
