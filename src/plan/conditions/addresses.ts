/** Conditions AddressAssigned and DataConnectionsAttributed. */
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import type { AddressReason, PlannedState } from "../model/decision.ts";
import { addressText, needsServingPod } from "../network/announced-address.ts";
import { hidesClients } from "../network/traffic-policy.ts";
import { conditionValue, NOT_CREATED } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";

/**
 * Returns the condition AddressAssigned: whether PASV has an address to announce. EPSV does not require an announced
 * address.
 */
export function addressAssigned(state: PlannedState): ConditionValue {
  const { network, spec, observed } = state;
  const { address, reason } = network.announced;
  const isMissing = address.type === "Unknown" && reason !== "IPv6Only";
  if (isMissing && observed.children.service === undefined) return NOT_CREATED;
  const hadAddress = (observed.server.status?.addresses ?? []).length > 0;
  const isPending =
    reason === "LoadBalancerPending" ||
    reason === "ClusterAddressPending" ||
    (reason === "NoNodeAddress" && needsServingPod(spec, observed));
  // A new FtpServer causes no warning, because a load balancer requires some time to assign an address.
  const warn = isMissing && (hadAddress || !isPending);
  return conditionValue("AddressAssigned", reason, addressMessage(state, reason), { warn });
}

/**
 * Functions that return the message for a reason. The argument is the announced address, or a list of all addresses
 * when no address is announced.
 */
const ADDRESS_MESSAGES: Readonly<Partial<Record<AddressReason, (address: string) => string>>> = {
  Static: (address) => `PASV announces \`${address}\`, the value of \`spec.passive.address.static\`.`,
  Hostname: (name) =>
    `PASV announces the address of \`${name}\`, the value of \`spec.passive.address.hostname\`.`,
  ControlConnection: () => "PASV announces the address to which each client connected.",
  LoadBalancerAddress: (address) => `PASV announces \`${address}\`, the address of the load balancer.`,
  LoadBalancerHostname: (name) =>
    `PASV announces the address of \`${name}\`, the host name of the load balancer.`,
  NodeAddress: (address) => `PASV announces \`${address}\`, the address of a node.`,
  PodHostAddress: (address) =>
    `PASV announces \`${address}\`, the address of the node on which the serving pod runs.`,
  ClusterAddress: (address) => `PASV announces \`${address}\`, the cluster IP of the Service.`,
  IPv6Only: (addresses) =>
    `Clients use EPSV (current addresses: ${addresses}). A PASV command receives reply 425, because PASV supports only IPv4.`,
  NoIPv4Address: (addresses) =>
    `The Service has no IPv4 address (current addresses: ${addresses}). PASV requires an IPv4 address. EPSV works without an IPv4 address. ` +
    "Assign an IPv4 address, set `spec.exposure.service.ipFamilies` to `[IPv6]`, or set `spec.passive.address`.",
};

function addressMessage(state: PlannedState, reason: AddressReason): string {
  const { announced, addresses } = state.network;
  const address = addressText(announced.address) ?? addresses.join(", ");
  return ADDRESS_MESSAGES[reason]?.(address) ?? missingMessage(state, reason);
}

function missingMessage(
  { spec, observed: { nodes, children } }: PlannedState,
  reason: AddressReason,
): string {
  const describe = `\`kubectl describe service ${children.service?.metadata.name ?? ""}\``;
  if (reason === "LoadBalancerPending")
    return (
      `The load balancer has not assigned an address to the Service. If the Service has no address after a few minutes, run ${describe}. ` +
      "If the cluster has no load balancer, set `spec.exposure.type` to `NodePort`, or set `spec.passive.address`."
    );
  if (reason === "ClusterAddressPending")
    return `The Service has no cluster IP yet. If the Service has no cluster IP after a minute, run ${describe}.`;
  if (!needsServingPod(spec, { nodes }))
    return (
      "No ready node has an address in the IP families of the Service. " +
      "Run `kubectl get nodes -o wide` to check the node addresses, or set `spec.passive.address`."
    );
  const limit =
    nodes === undefined && spec.exposure.type === "NodePort" ? " The operator cannot list nodes." : "";
  return `No ready pod runs on a node with a known address.${limit} Wait until a pod is ready, or set \`spec.passive.address\`.`;
}

/**
 * Returns the condition DataConnectionsAttributed: whether the engine can attribute a data connection to a session,
 * either by the client address or by TLS. The condition Ready does not depend on DataConnectionsAttributed, because
 * plain FTP works even when nodes replace client addresses.
 */
export function dataConnectionsAttributed({ spec, network }: PlannedState): ConditionValue {
  if (!hidesClients(spec, network.trafficPolicy))
    return conditionValue(
      "DataConnectionsAttributed",
      "ClientAddressesVisible",
      "The engine accepts a data connection only from the client address of its session.",
    );
  if (!allowsPlainData(spec))
    return conditionValue(
      "DataConnectionsAttributed",
      "DataConnectionsEncrypted",
      "TLS identifies the session of every data connection, although nodes replace client addresses.",
    );
  return conditionValue("DataConnectionsAttributed", "PlainDataBehindSourceNAT", plainDataMessage(spec), {
    warn: true,
  });
}

/**
 * Returns whether the spec permits unencrypted data connections. When `spec.tls.mode` is `Optional`, a client that
 * never sends AUTH TLS has unencrypted data connections, regardless of `spec.tls.dataProtection`.
 */
function allowsPlainData({ tls }: FtpServerSpec): boolean {
  return tls.mode === "Disabled" || tls.mode === "Optional" || tls.dataProtection === "Optional";
}

function plainDataMessage({ exposure }: FtpServerSpec): string {
  const exposureRemedy =
    exposure.type === "NodePort"
      ? "Use another `spec.exposure.type`"
      : "Use one replica and set `spec.exposure.service.externalTrafficPolicy` to `Local` (`Auto` becomes `Local` when only one pod remains, unless `spec.maxReplicas` is above 1)";
  return (
    "Nodes replace client addresses, and clients can transfer files without TLS. " +
    "A client that can reach the passive ports can take over the data connection of an unencrypted session, or inject data. " +
    `${exposureRemedy}. Alternatively, use a proxy that sends PROXY headers, and set \`spec.proxyProtocol.mode\` to \`Enabled\`. ` +
    "To require TLS instead, set `spec.tls.mode` to `Required` or `Implicit`, and `spec.tls.dataProtection` to `Required`."
  );
}
