import type { PortRange } from "../../api/engine-config.ts";
import type { FtpServerExposureLoadBalancer } from "../../api/ftpserver.generated.ts";
import { CONTROL_PORT_NAME } from "../../api/names.ts";
import type { Context } from "../model/decision.ts";
import { portsOf } from "../model/port-ranges.ts";
import { servicePorts } from "../model/objects.ts";
import {
  balancerAnnotations,
  type LoadBalancerFacts,
  maxLoadBalancerPorts,
  needsNodePorts,
  providerOf,
  sendsProxyHeaders,
} from "./providers.ts";
import type { ProviderName } from "./providers.ts";

/** The load balancer of a server: whose it is, and what that needs and allows. */
export interface LoadBalancer {
  provider: ProviderName;
  annotations: Record<string, string>;
  /** Whether its own headers tell who the clients are; else a proxy in front of it may. */
  sendsProxyHeaders: boolean;
  /** Ports of one balancer; undefined when no limit is known. */
  maxPorts: number | undefined;
  nodePorts: "Enabled" | "Disabled";
}

/** What the schema sets where `spec.exposure.loadBalancer` exists. */
const DEFAULTS: FtpServerExposureLoadBalancer = { provider: "Auto", nodePorts: "Auto", sourceRanges: [] };

/** @param published what the Service has beside the control port */
export function balancerOf(
  { spec, observed, trafficPolicy = "Cluster" }: Context,
  published: readonly PortRange[],
): LoadBalancer {
  const { controlPort, service } = spec.exposure;
  const loadBalancer = spec.exposure.loadBalancer ?? DEFAULTS;
  const provider = providerOf(loadBalancer, observed.nodes);
  const seen = servicePorts(observed.children.service).find(({ name }) => name === CONTROL_PORT_NAME);
  const facts: LoadBalancerFacts = {
    policy: trafficPolicy,
    controlPort,
    controlNodePort: seen?.nodePort,
    passivePorts: published.flatMap(portsOf),
    wantsProxyHeaders: spec.proxyProtocol.mode === "Enabled",
    annotations: service.annotations ?? {},
  };
  const annotations = balancerAnnotations(provider, facts);
  return {
    provider,
    annotations,
    sendsProxyHeaders: sendsProxyHeaders(provider, annotations),
    maxPorts: maxLoadBalancerPorts(provider, facts),
    nodePorts: loadBalancer.nodePorts === "Auto" ? defaultNodePorts(provider) : loadBalancer.nodePorts,
  };
}

function defaultNodePorts(provider: ProviderName): LoadBalancer["nodePorts"] {
  return needsNodePorts(provider) ? "Enabled" : "Disabled";
}
