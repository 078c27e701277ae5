import type { FtpServerExposureLoadBalancer } from "../../api/ftpserver.generated.ts";
import { CONTAINER_CONTROL_PORT } from "../../api/names.ts";
import type { ProviderName, TrafficPolicy } from "../model/decision.ts";
import type { NodeAddresses } from "../model/observed.ts";

/** Service fields that determine the settings of a load balancer. */
export interface ServiceFields {
  policy: TrafficPolicy;
  controlPort: number;
  /** Node port of the control port. The value is undefined before the Service exists. */
  controlNodePort: number | undefined;
  passivePorts: readonly number[];
  wantsProxyHeaders: boolean;
  /** Annotations from `spec.exposure.service.annotations`. */
  annotations: Readonly<Record<string, string>>;
}

/** Requirements and capabilities of a provider's load balancers, according to the provider's documentation. */
interface ProviderProfile {
  /**
   * Maximum number of ports for one load balancer. The limit is undefined when it exceeds the size of every possible
   * passive port range.
   */
  maxPorts?: (service: ServiceFields) => number | undefined;
  /**
   * Annotations for health checks, which always check the control port. A check of a passive port would fail. The
   * engine could also mistake the check for a data connection from a client behind the same node.
   */
  healthCheck?: (service: ServiceFields) => Record<string, string>;
  /** Annotation that enables PROXY headers on the load balancer. */
  proxyHeaders?: readonly [name: string, value: string];
  /** True when the load balancer does not require node ports. */
  skipsNodePorts?: boolean;
}

const AWS = "service.beta.kubernetes.io/aws-load-balancer";
const AZURE = "service.beta.kubernetes.io/port";
const DIGITAL_OCEAN = "service.beta.kubernetes.io/do-loadbalancer";
const HETZNER = "load-balancer.hetzner.cloud";

const PROFILES: Readonly<Record<ProviderName, ProviderProfile>> = {
  Generic: {},
  // AWS limits a Network Load Balancer to 50 listeners. AWS does not increase this quota.
  AWS: {
    maxPorts: () => 50,
    healthCheck: ({ policy, controlNodePort, annotations }) => {
      const targetsPods = annotations[`${AWS}-nlb-target-type`] === "ip";
      const port = targetsPods ? CONTAINER_CONTROL_PORT : controlNodePort;
      // With the traffic policy `Local`, the controller uses the health check node port of Kubernetes.
      return (targetsPods || policy === "Cluster") && port !== undefined
        ? healthCheck(AWS, "healthcheck", port)
        : {};
    },
    proxyHeaders: [`${AWS}-proxy-protocol`, "*"],
  },
  // One forwarding rule covers the range from the lowest to the highest port, and one health check covers the node.
  GKE: {},
  // Azure limits the number of rules for each network interface. All Services in the cluster share this limit.
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
    // Hetzner limits the smallest load balancer type, which is the default, to five services.
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

/** Providers, keyed by load balancer class prefix. */
const BY_CLASS: readonly (readonly [prefix: string, provider: ProviderName])[] = [
  ["service.k8s.aws/", "AWS"],
  ["eks.amazonaws.com/", "AWS"],
  ["io.cilium/", "Cilium"],
  ["metallb", "MetalLB"],
];

/** Providers, keyed by the scheme of the Node field `spec.providerID`. Cloud controllers set this field. */
const BY_NODES: Readonly<Record<string, ProviderName>> = {
  aws: "AWS",
  gce: "GKE",
  azure: "Azure",
  digitalocean: "DigitalOcean",
  hcloud: "Hetzner",
};

/** Returns the provider from the spec, the load balancer class or the nodes, in this order of precedence. */
export function providerOf(
  { provider = "Auto", class: name = "" }: Partial<FtpServerExposureLoadBalancer>,
  nodes: readonly NodeAddresses[] | undefined,
): ProviderName {
  if (provider !== "Auto") return provider;
  const byClass = BY_CLASS.find(([prefix]) => name.startsWith(prefix));
  if (byClass !== undefined) return byClass[1];
  // A load balancer with an unknown class is not from the cloud provider of the nodes.
  const scheme = name === "" ? nodes?.find((node) => node.cloud !== undefined)?.cloud : undefined;
  return BY_NODES[scheme ?? ""] ?? "Generic";
}

/** Returns the annotations that the provider requires. User annotations take precedence. */
export function providerAnnotations(provider: ProviderName, service: ServiceFields): Record<string, string> {
  const { healthCheck, proxyHeaders } = PROFILES[provider];
  return {
    ...healthCheck?.(service),
    ...(service.wantsProxyHeaders && proxyHeaders && { [proxyHeaders[0]]: proxyHeaders[1] }),
    ...service.annotations,
  };
}

/** Returns whether the annotations enable PROXY headers on the load balancer. */
export function sendsProxyHeaders(provider: ProviderName, annotations: Record<string, string>): boolean {
  const { proxyHeaders } = PROFILES[provider];
  return proxyHeaders !== undefined && annotations[proxyHeaders[0]] === proxyHeaders[1];
}

/** Returns whether the load balancer connects to node ports. */
export function needsNodePorts(provider: ProviderName): boolean {
  return PROFILES[provider].skipsNodePorts !== true;
}

/** Returns the maximum number of ports for one load balancer. Returns undefined when no limit is known. */
export function maxLoadBalancerPorts(provider: ProviderName, service: ServiceFields): number | undefined {
  return PROFILES[provider].maxPorts?.(service);
}
