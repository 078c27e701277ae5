import type { PortRange } from "../../api/engine-config.ts";
import { childNames, CONTROL_PORT_NAME, passivePortName, selectorLabels } from "../../api/names.ts";
import { balancerOf } from "../network/load-balancer.ts";
import type { LoadBalancer } from "../network/load-balancer.ts";
import { allowedSourceRanges } from "../network/allowed-clients.ts";
import type { Context } from "../model/decision.ts";
import { portsOf } from "../model/port-ranges.ts";
import { servicePorts } from "../model/objects.ts";
import type { Service, ServicePort } from "../model/objects.ts";
import { childMetadata } from "./child-metadata.ts";

/**
 * The one exposure. Every passive port names its target port, so Kubernetes sends it to the one pod that declares that
 * name, and to nobody when no pod does.
 */
export function buildService(context: Context, published: readonly PortRange[]): Service {
  const { server, spec, trafficPolicy } = context;
  const { exposure } = spec;
  const { name } = server.metadata;
  const balancer = exposure.type === "LoadBalancer" ? balancerOf(context, published) : undefined;
  const { labels } = exposure.service;
  const annotations = balancer?.annotations ?? exposure.service.annotations;
  const pinned = pinnedPorts(context);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: childMetadata(server, childNames.service(name), { user: { labels, annotations } }),
    spec: {
      // Pods at host ports are dialled on their node; the Service is there for clients inside.
      type: exposure.type === "HostPort" ? "ClusterIP" : exposure.type,
      ...ipFamilies(context),
      selector: selectorLabels(name),
      ports: [controlPort(context), ...published.flatMap(portsOf).map((port) => passivePort(port, pinned))],
      ...(trafficPolicy === undefined ? {} : { externalTrafficPolicy: trafficPolicy }),
      ...(balancer === undefined ? {} : loadBalancerFields(context, balancer)),
    },
  };
}

/**
 * Without families, the API server keeps those of an existing Service and gives a new one the primary family of the cluster. With
 * one family of two, it adds the other one, which is then no difference.
 */
function ipFamilies({ spec, observed }: Context): Pick<Service["spec"], "ipFamilyPolicy" | "ipFamilies"> {
  const { ipFamilyPolicy, ipFamilies: families } = spec.exposure.service;
  if (families === undefined) return { ipFamilyPolicy };
  const assigned = observed.children.service?.spec.ipFamilies ?? [];
  const isCompleted =
    ipFamilyPolicy !== "SingleStack" && families.every((family, index) => assigned[index] === family);
  return { ipFamilyPolicy, ipFamilies: isCompleted ? assigned : families };
}

function loadBalancerFields(context: Context, balancer: LoadBalancer): Partial<Service["spec"]> {
  const loadBalancerClass = context.spec.exposure.loadBalancer?.class;
  const ranges = allowedSourceRanges(context, balancer);
  return {
    ...(balancer.nodePorts === "Disabled" ? { allocateLoadBalancerNodePorts: false } : {}),
    ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
    ...(ranges.length === 0 ? {} : { loadBalancerSourceRanges: ranges }),
  };
}

function controlPort({ spec: { exposure } }: Context): ServicePort {
  const nodePort = exposure.type === "NodePort" ? exposure.nodePort?.controlPort : undefined;
  return {
    name: CONTROL_PORT_NAME,
    port: exposure.controlPort,
    protocol: "TCP",
    targetPort: CONTROL_PORT_NAME,
    ...(nodePort === undefined ? {} : { nodePort }),
  };
}

function passivePort(port: number, pinned: ReadonlySet<number>): ServicePort {
  const name = passivePortName(port);
  return {
    name,
    port,
    protocol: "TCP",
    targetPort: name,
    ...(pinned.has(port) ? { nodePort: port } : {}),
  };
}

/**
 * Ports whose node port is that same number, as clients dial the one that PASV announces. What ending pods hold of
 * another range may be out of the cluster's node ports: it stays one where it was one, and else serves clients inside.
 */
function pinnedPorts({ spec, observed }: Context): ReadonlySet<number> {
  if (spec.exposure.type !== "NodePort") return new Set();
  const kept = servicePorts(observed.children.service).filter(({ port, nodePort }) => nodePort === port);
  return new Set([...portsOf(spec.passive.portRange), ...kept.map(({ port }) => port)]);
}
