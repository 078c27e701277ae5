import { childNames } from "../../api/names.ts";
import type { PlannedState } from "../model/decision.ts";
import { servicePorts } from "../model/objects.ts";
import type { Service } from "../model/objects.ts";
import { formatRange, portCount } from "../model/port-ranges.ts";
import { clientControlPort } from "../network/client-addresses.ts";
import { hidesClients } from "../network/traffic-policy.ts";
import { conditionValue, NOT_CREATED } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";

/**
 * Returns the condition PassivePortsPublished: whether the Service has every passive port, and which clients can use
 * the ports.
 */
export function passivePortsPublished(state: PlannedState): ConditionValue {
  const { observed, spec, server, desired } = state;
  const name = childNames.service(server.metadata.name);
  const rejection = observed.rejections?.find(({ ref }) => ref.kind === "Service");
  if (rejection !== undefined) {
    const message = rejectionMessage(name, rejection.message);
    return conditionValue("PassivePortsPublished", "ServiceRejected", message, { warn: true });
  }
  const { service } = observed.children;
  if (service === undefined) return NOT_CREATED;
  const message = `Service \`${name}\` publishes the control port ${clientControlPort(spec)} and the passive ports ${formatRange(spec.passive.portRange)}.`;
  return (
    tooManyPorts(state) ??
    outdated(service, desired.service) ??
    restrictedClients(state, service, message) ??
    conditionValue("PassivePortsPublished", "Published", message)
  );
}

/**
 * Returns a warning when the Service exceeds the port limit of the provider. Some cloud providers report an exceeded
 * port limit late or never.
 */
function tooManyPorts({ network, spec }: PlannedState): ConditionValue | undefined {
  if (network.loadBalancer === undefined) return undefined;
  const { provider, maxPorts = Infinity } = network.loadBalancer;
  const needed = portCount(spec.passive.portRange) + 1;
  const count = network.publishedPorts.reduce((sum, range) => sum + portCount(range), 1);
  if (count <= maxPorts) return undefined;
  const limit = `a load balancer of provider ${provider} supports at most ${maxPorts} ports`;
  const message =
    needed > maxPorts
      ? `The FtpServer requires ${needed} ports, but ${limit}. Shorten \`spec.passive.portRange\` to ${maxPorts - 1} ports. ` +
        "Many clients can share these ports. If the provider is wrong, set `spec.exposure.loadBalancer.provider`."
      : `The Service has ${count} ports, including the ports of draining pods, but ${limit}. ` +
        "New ports can be missing until the draining pods terminate. `spec.rollout.drainPeriodSeconds` limits the duration of the drain.";
  return conditionValue("PassivePortsPublished", "TooManyPortsForLoadBalancer", message, { warn: true });
}

function outdated(service: Service, desired: Service): ConditionValue | undefined {
  if (hasPorts(service, desired)) return undefined;
  const message = `Service \`${desired.metadata.name}\` does not have all ports yet. The operator is updating the Service.`;
  return conditionValue("PassivePortsPublished", "ServiceOutdated", message);
}

function hasPorts(service: Service, desired: Service): boolean {
  const ports = new Map(servicePorts(service).map((port) => [port.name, port]));
  return servicePorts(desired).every(({ name, port, targetPort, nodePort }) => {
    const observed = ports.get(name);
    return (
      observed?.port === port &&
      observed.targetPort === targetPort &&
      (nodePort === undefined || observed.nodePort === nodePort)
    );
  });
}

function rejectionMessage(name: string, cause: string): string {
  const [, hint = NODE_PORT_HINT] = REJECTION_HINTS.find(([pattern]) => pattern.test(cause)) ?? [];
  return `The API server rejected Service \`${name}\`: ${cause.replace(/\.$/u, "")}. ${hint.replace("SERVICE", name)}`;
}

const NODE_PORT_HINT =
  "If a node port is in use or outside the node port range of the cluster, change `spec.passive.portRange` or " +
  "`spec.exposure.nodePort.controlPort`. Ports from 30000 to 30085 are rarely in use. " +
  "If no node port is free, set `spec.exposure.loadBalancer.nodePorts` to `Disabled`, provided that the load balancer does not require node ports.";

/** Remedies for API server messages about IP families. The first matching pattern determines the remedy. */
const REJECTION_HINTS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [
    /not configured for dual-stack/u,
    "Set `spec.exposure.service.ipFamilyPolicy` to `PreferDualStack` or `SingleStack`.",
  ],
  [
    /ipFamilies.*not configured on this cluster/u,
    "Remove the unsupported IP family from `spec.exposure.service.ipFamilies`.",
  ],
  [
    /indicated by `ipFamilies|ipFamilies\[0\].*(?:may not change|primary)/u,
    "Kubernetes cannot change the first IP family of an existing Service. " +
      "Restore `spec.exposure.service.ipFamilies`, or delete Service `SERVICE`. The operator then recreates the Service with new addresses.",
  ],
];

/**
 * Returns a warning when nodes replace client addresses, because the NetworkPolicy cannot enforce
 * `spec.networkPolicy.allowedClients` for replaced addresses.
 */
function restrictedClients(
  { spec, network }: PlannedState,
  service: Service,
  published: string,
): ConditionValue | undefined {
  const { mode, allowedClients } = spec.networkPolicy;
  if (mode === "Disabled" || allowedClients.length === 0) return undefined;
  if (!hidesClients(spec, network.trafficPolicy)) return undefined;
  if (spec.exposure.type === "NodePort") {
    const message =
      `${published} The NetworkPolicy cannot enforce \`spec.networkPolicy.allowedClients\`, because nodes replace client addresses. ` +
      "Use a load balancer, or restrict clients in the node firewall.";
    return conditionValue("PassivePortsPublished", "PublishedToAllClients", message, { warn: true });
  }
  if (network.snatSources.length === 0) {
    const message =
      `${published} Only the load balancer enforces \`spec.networkPolicy.allowedClients\`, because nodes replace client addresses and the operator does not know the node addresses. ` +
      "Set the chart value `operator.nodeAddresses`.";
    return conditionValue("PassivePortsPublished", "RestrictedByLoadBalancerOnly", message, { warn: true });
  }
  if (servicePorts(service).every(({ nodePort }) => nodePort === undefined)) return undefined;
  // The NetworkPolicy admits the node addresses. Connections through a node port also come from a node address.
  const message =
    `${published} The load balancer enforces \`spec.networkPolicy.allowedClients\`, but the node ports of the Service accept all clients. ` +
    "Close the node ports in the node firewall.";
  return conditionValue("PassivePortsPublished", "NodePortsOpenToAllClients", message, { warn: true });
}
