import { childNames, CONTROL_PORT_NAME, passivePortName, selectorLabels } from "../../api/names.ts";
import type { Decision, LoadBalancer } from "../model/decision.ts";
import { servicePorts } from "../model/objects.ts";
import type { Service, ServicePort } from "../model/objects.ts";
import { portsOf } from "../model/port-ranges.ts";
import { childMetadata } from "./child-metadata.ts";

/**
 * Returns the Service of an FtpServer. Every passive port has a named target port. Kubernetes routes connections only
 * to the pod that declares the port name. At most one pod declares each name.
 */
export function buildService(decision: Decision): Service {
  const { server, spec, network } = decision;
  const { exposure } = spec;
  const { name } = server.metadata;
  const { trafficPolicy, loadBalancer } = network;
  const { labels } = exposure.service;
  const annotations = loadBalancer?.annotations ?? exposure.service.annotations;
  const pinned = pinnedPorts(decision);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: childMetadata(server, childNames.service(name), { user: { labels, annotations } }),
    spec: {
      // With `HostPort`, external clients connect to the node of the pod. Only clients in the cluster connect through
      // the Service.
      type: exposure.type === "HostPort" ? "ClusterIP" : exposure.type,
      ...ipFamilies(decision),
      selector: selectorLabels(name),
      ports: [
        controlPort(decision),
        ...network.publishedPorts.flatMap(portsOf).map((port) => passivePort(port, pinned)),
      ],
      ...(trafficPolicy === undefined ? {} : { externalTrafficPolicy: trafficPolicy }),
      ...(loadBalancer === undefined ? {} : loadBalancerFields(decision, loadBalancer)),
    },
  };
}

/**
 * Returns the IP family fields for the Service spec. Without `ipFamilies`, the API server keeps the families of an
 * existing Service and assigns the primary cluster family to a new Service. When the spec contains only the first
 * family, the API server can add the second family. An added family does not count as a difference.
 */
function ipFamilies({ spec, observed }: Decision): Pick<Service["spec"], "ipFamilyPolicy" | "ipFamilies"> {
  const { ipFamilyPolicy, ipFamilies: families } = spec.exposure.service;
  if (families === undefined) return { ipFamilyPolicy };
  const assigned = observed.children.service?.spec.ipFamilies ?? [];
  const isCompleted =
    ipFamilyPolicy !== "SingleStack" && families.every((family, index) => assigned[index] === family);
  return { ipFamilyPolicy, ipFamilies: isCompleted ? assigned : families };
}

function loadBalancerFields(
  { spec }: Decision,
  { nodePorts, sourceRanges }: LoadBalancer,
): Partial<Service["spec"]> {
  const loadBalancerClass = spec.exposure.loadBalancer?.class;
  return {
    ...(nodePorts === "Disabled" ? { allocateLoadBalancerNodePorts: false } : {}),
    ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
    ...(sourceRanges.length === 0 ? {} : { loadBalancerSourceRanges: [...sourceRanges] }),
  };
}

function controlPort({ spec: { exposure } }: Decision): ServicePort {
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
 * Returns the ports that require a node port with the same number, because clients connect to the port that PASV
 * announces. After a change to the passive port range, ports of terminating pods keep their node ports. Other ports
 * outside the range receive no fixed node port, because they can be outside the cluster's node port range.
 */
function pinnedPorts({ spec, observed }: Decision): ReadonlySet<number> {
  if (spec.exposure.type !== "NodePort") return new Set();
  const kept = servicePorts(observed.children.service).filter(({ port, nodePort }) => nodePort === port);
  return new Set([...portsOf(spec.passive.portRange), ...kept.map(({ port }) => port)]);
}
