import { childNames } from "../../api/names.ts";
import { balancerOf } from "../network/load-balancer.ts";
import { buildService } from "../desired/service.ts";
import type { Decision } from "../model/decision.ts";
import { announcedControlPort } from "../network/traffic-policy.ts";
import { formatRange, portCount } from "../model/port-ranges.ts";
import { servicePorts } from "../model/objects.ts";
import type { Service } from "../model/objects.ts";
import { NOT_CREATED } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";

/** Whether the Service has every port that PASV may name, and who may use them. */
export function passivePortsPublished(decision: Decision): ConditionValue {
  const { observed, spec, server, publishedPorts } = decision;
  const name = childNames.service(server.metadata.name);
  const refusal = observed.refusals?.find(({ ref }) => ref.kind === "Service");
  if (refusal !== undefined) {
    return {
      status: "False",
      reason: "ServiceRefused",
      message: refusalMessage(name, refusal.message),
      warn: true,
    };
  }
  const { service } = observed.children;
  if (service === undefined) return NOT_CREATED;
  const tooMany = balancerLimit(decision);
  if (tooMany !== undefined) return tooMany;
  if (!hasPorts(service, buildService(decision, publishedPorts))) {
    return {
      status: "False",
      reason: "ServiceOutdated",
      message: `Service ${name} does not have all ports yet.`,
    };
  }
  const published = `Service ${name} has port ${announcedControlPort(spec)} and the passive ports ${formatRange(spec.passive.portRange)}.`;
  return {
    status: "True",
    reason: "Published",
    message: published,
    ...clientRestriction(decision, service, published),
  };
}

/** Said before the cloud says it, in an event of the Service, or not at all. */
function balancerLimit(decision: Decision): ConditionValue | undefined {
  const { spec, publishedPorts } = decision;
  if (spec.exposure.type !== "LoadBalancer") return undefined;
  const { provider, maxPorts = Infinity } = balancerOf(decision, publishedPorts);
  const desired = portCount(spec.passive.portRange) + 1;
  const count = publishedPorts.reduce((sum, range) => sum + portCount(range), 1);
  if (count <= maxPorts) return undefined;
  const limit = `a load balancer of ${provider} has at most ${maxPorts}`;
  return {
    status: "False",
    reason: "TooManyPortsForBalancer",
    message:
      desired > maxPorts
        ? `The server needs ${desired} ports, and ${limit}: shorten spec.passive.portRange ` +
          `to ${maxPorts - 1} ports, which many clients share, or set spec.exposure.loadBalancer.provider if it is another's.`
        : `With those that old pods still hold the Service has ${count} ports, and ${limit}: it may not take new ones before the ` +
          "old pods have ended, which they do with their sessions, or after spec.rollout.drainPeriodSeconds.",
    warn: true,
  };
}

function refusalMessage(name: string, refusal: string): string {
  const [, hint = NODE_PORT_HINT] = REFUSAL_HINTS.find(([pattern]) => pattern.test(refusal)) ?? [];
  return `The API server rejected Service ${name}: ${refusal.replace(/\.$/u, "")}. ${hint.replace("SERVICE", name)}`;
}

const NODE_PORT_HINT =
  "If a node port is in use or outside the node port range of the cluster, change spec.passive.portRange or " +
  "spec.exposure.nodePort.controlPort; ports from 30000 to 30085 are rarely in use. If no node port is free, set " +
  "spec.exposure.loadBalancer.nodePorts to Disabled, provided that the load balancer does not require node ports.";

/** What the API server says of IP families, and what to do. */
const REFUSAL_HINTS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [
    /not configured for dual-stack/u,
    "Set spec.exposure.service.ipFamilyPolicy to PreferDualStack or SingleStack.",
  ],
  [/ipFamilies.*not configured on this cluster/u, "Remove the family from spec.exposure.service.ipFamilies."],
  [
    /indicated by `ipFamilies|ipFamilies\[0\].*(?:may not change|primary)/u,
    "Kubernetes cannot change the first IP family of an existing Service. Restore spec.exposure.service.ipFamilies, or delete " +
      "Service SERVICE; the operator creates it again with new addresses.",
  ],
];

function hasPorts(service: Service, wished: Service): boolean {
  const ports = new Map(servicePorts(service).map((port) => [port.name, port]));
  return servicePorts(wished).every(({ name, port, targetPort, nodePort }) => {
    const seen = ports.get(name);
    return (
      seen?.port === port &&
      seen.targetPort === targetPort &&
      (nodePort === undefined || seen.nodePort === nodePort)
    );
  });
}

/** What a list of allowed clients is worth where nodes masquerade them. */
function clientRestriction(decision: Decision, service: Service, published: string): Partial<ConditionValue> {
  const { spec, trafficPolicy, maskedClients } = decision;
  const { mode, allowedClients } = spec.networkPolicy;
  if (mode === "Disabled" || allowedClients.length === 0 || trafficPolicy !== "Cluster") return {};
  if (spec.exposure.type === "NodePort") {
    return {
      reason: "PublishedToAllClients",
      message:
        `${published} Nodes hide the clients' addresses, so spec.networkPolicy.allowedClients can not be enforced ` +
        "behind node ports: use a LoadBalancer, or restrict clients in the firewall before the nodes.",
      warn: true,
    };
  }
  if (maskedClients.length > 0) return balancerRestriction(service, published);
  return {
    reason: "RestrictedByBalancerOnly",
    message:
      `${published} The operator may not list nodes, so the NetworkPolicy restricts ports only; ` +
      "spec.networkPolicy.allowedClients is enforced by the Service's loadBalancerSourceRanges alone.",
    warn: true,
  };
}

/** The NetworkPolicy has to admit nodes, and whoever dials a node port comes as a node. */
function balancerRestriction(service: Service, published: string): Partial<ConditionValue> {
  if (servicePorts(service).every(({ nodePort }) => nodePort === undefined)) return {};
  return {
    reason: "NodePortsOpenToAllClients",
    message:
      `${published} spec.networkPolicy.allowedClients holds at the load balancer's address only: Kubernetes gave the ` +
      "Service node ports too, and there nodes hide the clients' addresses. Close node ports in the firewall before the nodes.",
    warn: true,
  };
}
