import type { FtpServerExposureLoadBalancer } from "../../api/ftpserver.generated.ts";
import { CONTAINER_CONTROL_PORT } from "../../api/names.ts";
import type { TrafficPolicy } from "./traffic-policy.ts";
import type { NodeAddresses } from "../model/observed.ts";

/**
 * What is known of load balancers by their vendors' documents. Health checks go to the control port everywhere: a probe of a passive
 * port finds it closed, or is taken for the data connection of a client that the same node stands for.
 */

export type ProviderName = Exclude<NonNullable<FtpServerExposureLoadBalancer["provider"]>, "Auto">;

/** What the settings of a balancer depend on. */
export interface LoadBalancerFacts {
  policy: TrafficPolicy;
  /** The Service's own. */
  controlPort: number;
  /** That Kubernetes has given the control port; undefined before the Service is there. */
  controlNodePort: number | undefined;
  passivePorts: readonly number[];
  wantsProxyHeaders: boolean;
  /** Annotations that the user has written. */
  annotations: Readonly<Record<string, string>>;
}

interface Provider {
  /** Ports of one balancer that its vendor allows; undefined: no limit that a passive range meets. */
  maxPorts?: (facts: LoadBalancerFacts) => number | undefined;
  settings?: (facts: LoadBalancerFacts) => Record<string, string>;
  /** Annotation by which it sends PROXY headers. */
  proxyHeaders?: readonly [name: string, value: string];
  /** Whether it does without node ports. */
  skipsNodePorts?: boolean;
}

const AWS = "service.beta.kubernetes.io/aws-load-balancer";
const AZURE = "service.beta.kubernetes.io/port";
const DIGITAL_OCEAN = "service.beta.kubernetes.io/do-loadbalancer";
const HETZNER = "load-balancer.hetzner.cloud";

const PROVIDERS: Readonly<Record<ProviderName, Provider>> = {
  Generic: {},
  // Listeners of a network load balancer; the quota can not be raised.
  AWS: {
    maxPorts: () => 50,
    settings: ({ policy, controlNodePort, annotations }) => {
      const toPods = annotations[`${AWS}-nlb-target-type`] === "ip";
      const port = toPods ? CONTAINER_CONTROL_PORT : controlNodePort;
      return {
        // Under Local the controller checks Kubernetes' own health check port.
        ...((toPods || policy === "Cluster") && port !== undefined && healthCheck(AWS, "healthcheck", port)),
      };
    },
    proxyHeaders: [`${AWS}-proxy-protocol`, "*"],
  },
  // One rule from the lowest port to the highest, one check of the node.
  GKE: {},
  // Rules for each network interface, which all Services of the cluster share.
  Azure: {
    maxPorts: () => 300,
    settings: ({ policy, controlPort, passivePorts }) =>
      policy === "Local"
        ? {}
        : Object.fromEntries(
            passivePorts.map((port) => [`${AZURE}_${port}_health-probe_port`, String(controlPort)]),
          ),
  },
  DigitalOcean: {
    settings: ({ policy, controlPort }) =>
      policy === "Cluster" ? healthCheck(DIGITAL_OCEAN, "healthcheck", controlPort) : {},
    proxyHeaders: [`${DIGITAL_OCEAN}-enable-proxy-protocol`, "true"],
  },
  Hetzner: {
    // Services of the smallest balancer, which is what one gets who names no type.
    maxPorts: ({ annotations }) => ((annotations[`${HETZNER}/type`] ?? "lb11") === "lb11" ? 5 : undefined),
    settings: ({ controlNodePort }) =>
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

/** Beginnings of load balancer classes. */
const BY_CLASS: readonly (readonly [prefix: string, provider: ProviderName])[] = [
  ["service.k8s.aws/", "AWS"],
  ["eks.amazonaws.com/", "AWS"],
  ["io.cilium/", "Cilium"],
  ["metallb", "MetalLB"],
];

/** Schemes of `spec.providerID` of nodes, as cloud controllers write them. */
const BY_NODES: Readonly<Record<string, ProviderName>> = {
  aws: "AWS",
  gce: "GKE",
  azure: "Azure",
  digitalocean: "DigitalOcean",
  hcloud: "Hetzner",
};

/** Whose balancer serves: as the spec says, else by the class, else by whose nodes they are. */
export function providerOf(
  { provider = "Auto", class: name = "" }: Partial<FtpServerExposureLoadBalancer>,
  nodes: readonly NodeAddresses[] | undefined,
): ProviderName {
  if (provider !== "Auto") return provider;
  const byClass = BY_CLASS.find(([prefix]) => name.startsWith(prefix));
  if (byClass !== undefined) return byClass[1];
  // Another class is another balancer than the cloud's own.
  const scheme = name === "" ? nodes?.find((node) => node.cloud !== undefined)?.cloud : undefined;
  return BY_NODES[scheme ?? ""] ?? "Generic";
}

/** Annotations that the provider's balancer needs; what the user has written stands. */
export function balancerAnnotations(
  provider: ProviderName,
  facts: LoadBalancerFacts,
): Record<string, string> {
  const { settings, proxyHeaders } = PROVIDERS[provider];
  return {
    ...settings?.(facts),
    ...(facts.wantsProxyHeaders && proxyHeaders && { [proxyHeaders[0]]: proxyHeaders[1] }),
    ...facts.annotations,
  };
}

/** Whether the balancer itself tells engines who its clients are, going by its annotations. */
export function sendsProxyHeaders(provider: ProviderName, annotations: Record<string, string>): boolean {
  const { proxyHeaders } = PROVIDERS[provider];
  return proxyHeaders !== undefined && annotations[proxyHeaders[0]] === proxyHeaders[1];
}

/** Whether connections come to node ports of the Service. */
export function needsNodePorts(provider: ProviderName): boolean {
  return PROVIDERS[provider].skipsNodePorts !== true;
}

/** How many ports one balancer may have; undefined when no limit is known. */
export function maxLoadBalancerPorts(provider: ProviderName, facts: LoadBalancerFacts): number | undefined {
  return PROVIDERS[provider].maxPorts?.(facts);
}
