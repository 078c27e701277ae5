import type { PortRange } from "../../api/engine-config.ts";
import { childNames, CONTROL_PORT_NAME, passivePortName, selectorLabels } from "../../api/names.ts";
import { balancerOf } from "../balancer.ts";
import type { Balancer } from "../balancer.ts";
import { allowedSourceRanges } from "../clients.ts";
import type { Context } from "../context.ts";
import { portsOf } from "../layout.ts";
import type { Service, ServicePort } from "../objects.ts";
import { childMetadata } from "./metadata.ts";

/**
 * The one exposure. Every passive port names its target port, so Kubernetes sends it to the one pod that declares that
 * name, and to nobody when no pod does.
 */
export function buildService(context: Context, published: readonly PortRange[]): Service {
  const { server, spec, trafficPolicy } = context;
  const { exposure } = spec;
  const { name } = server.metadata;
  const metadata = childMetadata(server, childNames.service(name));
  const balancer = exposure.type === "LoadBalancer" ? balancerOf(context, published) : undefined;
  const { annotations = {} } = balancer ?? {};
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations },
    spec: {
      // Pods at host ports are dialled on their node; the Service is there for clients inside.
      type: exposure.type === "HostPort" ? "ClusterIP" : exposure.type,
      selector: selectorLabels(name),
      ports: [controlPort(context), ...published.flatMap(portsOf).map((port) => passivePort(context, port))],
      ...(trafficPolicy === undefined ? {} : { externalTrafficPolicy: trafficPolicy }),
      ...(balancer === undefined ? {} : loadBalancerFields(context, balancer)),
    },
  };
}

function loadBalancerFields(context: Context, balancer: Balancer): Partial<Service["spec"]> {
  const loadBalancerClass = context.spec.exposure.loadBalancer?.class;
  const ranges = allowedSourceRanges(context, balancer);
  return {
    ...(balancer.nodePorts === "None" ? { allocateLoadBalancerNodePorts: false } : {}),
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

/** Clients dial the port that PASV announces, so a node port has to be that same number. */
function passivePort({ spec: { exposure } }: Context, port: number): ServicePort {
  const name = passivePortName(port);
  return {
    name,
    port,
    protocol: "TCP",
    targetPort: name,
    ...(exposure.type === "NodePort" ? { nodePort: port } : {}),
  };
}
