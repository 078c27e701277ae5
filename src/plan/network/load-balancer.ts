import type { PortRange } from "../../api/engine-config.ts";
import type { FtpServerExposureLoadBalancer, FtpServerSpec } from "../../api/ftpserver.generated.ts";
import { CONTROL_PORT_NAME } from "../../api/names.ts";
import type { LoadBalancer, TrafficPolicy } from "../model/decision.ts";
import { servicePorts } from "../model/objects.ts";
import type { Observed } from "../model/observed.ts";
import { portsOf } from "../model/port-ranges.ts";
import { sourceRanges } from "./allowed-clients.ts";
import {
  maxLoadBalancerPorts,
  needsNodePorts,
  providerAnnotations,
  providerOf,
  sendsProxyHeaders,
  type ServiceFields,
} from "./providers.ts";

/** Schema defaults, used when `spec.exposure.loadBalancer` is absent. */
const DEFAULTS: FtpServerExposureLoadBalancer = { provider: "Auto", nodePorts: "Auto", sourceRanges: [] };

/** Returns the load balancer settings. Returns undefined when `spec.exposure.type` is not `LoadBalancer`. */
export function decideLoadBalancer(
  spec: FtpServerSpec,
  { children: { service }, nodes }: Pick<Observed, "children" | "nodes">,
  {
    trafficPolicy = "Cluster",
    publishedPorts,
  }: { trafficPolicy: TrafficPolicy | undefined; publishedPorts: readonly PortRange[] },
): LoadBalancer | undefined {
  const { type, controlPort, loadBalancer = DEFAULTS } = spec.exposure;
  if (type !== "LoadBalancer") return undefined;
  const provider = providerOf(loadBalancer, nodes);
  const fields: ServiceFields = {
    policy: trafficPolicy,
    controlPort,
    controlNodePort: servicePorts(service).find(({ name }) => name === CONTROL_PORT_NAME)?.nodePort,
    passivePorts: publishedPorts.flatMap(portsOf),
    wantsProxyHeaders: spec.proxyProtocol.mode === "Enabled",
    annotations: spec.exposure.service.annotations ?? {},
  };
  const annotations = providerAnnotations(provider, fields);
  const access = { service, trafficPolicy, sendsProxyHeaders: sendsProxyHeaders(provider, annotations) };
  return {
    provider,
    annotations,
    maxPorts: maxLoadBalancerPorts(provider, fields),
    nodePorts: nodePortsOf(loadBalancer, needsNodePorts(provider)),
    sourceRanges: sourceRanges(spec, access),
  };
}

function nodePortsOf(
  { nodePorts }: FtpServerExposureLoadBalancer,
  isRequired: boolean,
): LoadBalancer["nodePorts"] {
  if (nodePorts !== "Auto") return nodePorts;
  return isRequired ? "Enabled" : "Disabled";
}
