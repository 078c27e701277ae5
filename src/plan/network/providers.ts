import type { FtpServerExposureLoadBalancer } from "../../api/ftpserver.generated.ts";
import { CONTAINER_CONTROL_PORT } from "../../api/names.ts";
import type { ProviderName, TrafficPolicy } from "../model/decision.ts";
import type { NodeAddresses } from "../model/observed.ts";

/** The fields of a Service that the settings of a load balancer depend on. */
export interface ServiceFields {
  policy: TrafficPolicy;
  controlPort: number;
  /** Node port of the control port. Undefined before the Service exists. */
  controlNodePort: number | undefined;
  passivePorts: readonly number[];
  wantsProxyHeaders: boolean;
  /** Annotations of the user. */
  annotations: Readonly<Record<string, string>>;
}

/** What the load balancers of one provider require and support, according to the provider's documentation. */
interface ProviderProfile {
  /** Maximum number of ports of one load balancer. Undefined for no limit that a passive port range can reach. */
  maxPorts?: (service: ServiceFields) => number | undefined;
  /**
   * Annotations for health checks. They always check the control port. A check of a passive port fails, or is mistaken for the data
   * connection of a client behind the same node.
   */
  healthCheck?: (service: ServiceFields) => Record<string, string>;
  /** Annotation that makes the load balancer send PROXY headers. */
  proxyHeaders?: readonly [name: string, value: string];
  /** Whether the load balancer works without node ports. */
  skipsNodePorts?: boolean;
}

const AWS = "service.beta.kubernetes.io/aws-load-balancer";
const AZURE = "service.beta.kubernetes.io/port";
const DIGITAL_OCEAN = "service.beta.kubernetes.io/do-loadbalancer";
const HETZNER = "load-balancer.hetzner.cloud";

const PROFILES: Readonly<Record<ProviderName, ProviderProfile>> = {
  Generic: {},
  // Quota for listeners of a Network Load Balancer. AWS does not raise it.
  AWS: {
    maxPorts: () => 50,
    healthCheck: ({ policy, controlNodePort, annotations }) => {
      const targetsPods = annotations[`${AWS}-nlb-target-type`] === "ip";
      const port = targetsPods ? CONTAINER_CONTROL_PORT : controlNodePort;
      // With Local, the controller checks the health check port of Kubernetes.
      return (targetsPods || policy === "Cluster") && port !== undefined
        ? healthCheck(AWS, "healthcheck", port)
        : {};
    },
    proxyHeaders: [`${AWS}-proxy-protocol`, "*"],
  },
  // One rule covers the range from the lowest to the highest port, and one check covers the node.
  GKE: {},
  // Limit of rules for each network interface. All Services of the cluster share it.
  Azure: {
    maxPorts: () => 300,
    healthCheck: ({ policy, controlPort, passivePorts }) =>
      policy === "Local"
        ? {}
        : Object.fromEntries(
            passivePorts.map((port) => [`${AZURE}_${port}_health-probe_port`, String(controlPort)]),
          ),
  },
  DigitalOcean: {
    healthCheck: ({ policy, controlPort }) =>
      policy === "Cluster" ? healthCheck(DIGITAL_OCEAN, "healthcheck", controlPort) : {},
    proxyHeaders: [`${DIGITAL_OCEAN}-enable-proxy-protocol`, "true"],
  },
  Hetzner: {
    // Limit of services of the smallest type, which is the default.
    maxPorts: ({ annotations }) => ((annotations[`${HETZNER}/type`] ?? "lb11") === "lb11" ? 5 : undefined),
    healthCheck: ({ controlNodePort }) =>
      controlNodePort === undefined
        ? {}
        : {
            [`${HETZNER}/health-check-protocol`]: "tcp",
            [`${HETZNER}/health-check-port`]: String(controlNodePort),
          },
    proxyHeaders: [`${HETZNER}/uses-proxyprotocol`, "true"],
  },
  MetalLB: { skipsNodePorts: true },
  Cilium: { skipsNodePorts: true },
};

function healthCheck(prefix: string, name: string, port: number): Record<string, string> {
  return { [`${prefix}-${name}-protocol`]: "tcp", [`${prefix}-${name}-port`]: String(port) };
}

/** Providers by prefix of the load balancer class. */
const BY_CLASS: readonly (readonly [prefix: string, provider: ProviderName])[] = [
  ["service.k8s.aws/", "AWS"],
  ["eks.amazonaws.com/", "AWS"],
  ["io.cilium/", "Cilium"],
  ["metallb", "MetalLB"],
];

/** Providers by scheme of `spec.providerID` of nodes, which cloud controllers set. */
const BY_NODES: Readonly<Record<string, ProviderName>> = {
  aws: "AWS",
  gce: "GKE",
  azure: "Azure",
  digitalocean: "DigitalOcean",
  hcloud: "Hetzner",
};

/** Returns the provider in the spec, or else the provider of the load balancer class, or else the provider of the nodes. */
export function providerOf(
  { provider = "Auto", class: name = "" }: Partial<FtpServerExposureLoadBalancer>,
  nodes: readonly NodeAddresses[] | undefined,
): ProviderName {
  if (provider !== "Auto") return provider;
  const byClass = BY_CLASS.find(([prefix]) => name.startsWith(prefix));
  if (byClass !== undefined) return byClass[1];
  // An unknown class is not the load balancer of the cloud.
  const scheme = name === "" ? nodes?.find((node) => node.cloud !== undefined)?.cloud : undefined;
  return BY_NODES[scheme ?? ""] ?? "Generic";
}

/** Returns the annotations that the provider requires. Annotations of the user take precedence. */
export function providerAnnotations(provider: ProviderName, service: ServiceFields): Record<string, string> {
  const { healthCheck, proxyHeaders } = PROFILES[provider];
  return {
    ...healthCheck?.(service),
    ...(service.wantsProxyHeaders && proxyHeaders && { [proxyHeaders[0]]: proxyHeaders[1] }),
    ...service.annotations,
  };
}

/** Returns whether the annotations make the load balancer send PROXY headers. */
export function sendsProxyHeaders(provider: ProviderName, annotations: Record<string, string>): boolean {
  const { proxyHeaders } = PROFILES[provider];
  return proxyHeaders !== undefined && annotations[proxyHeaders[0]] === proxyHeaders[1];
}

/** Returns whether the load balancer sends connections to node ports. */
export function needsNodePorts(provider: ProviderName): boolean {
  return PROFILES[provider].skipsNodePorts !== true;
}

/** Returns the maximum number of ports of one load balancer. Undefined when no limit is known. */
export function maxLoadBalancerPorts(provider: ProviderName, service: ServiceFields): number | undefined {
  return PROFILES[provider].maxPorts?.(service);
}
