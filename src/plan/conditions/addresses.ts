/** AddressAssigned and DataConnectionsAttributed: the announced address, and the addresses of clients. */
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import type { AddressReason, PlannedState } from "../model/decision.ts";
import { addressText, needsServingPod } from "../network/announced-address.ts";
import { hidesClients } from "../network/traffic-policy.ts";
import { conditionValue, NOT_CREATED } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";

/** Whether PASV has an address to announce. EPSV needs none. */
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
  // No warning for a new FtpServer, because every load balancer takes a moment.
  const warn = isMissing && (hadAddress || !isPending);
  return conditionValue("AddressAssigned", reason, addressMessage(state, reason), { warn });
}

/** Messages by reason, with the announced address or else all addresses. */
const ADDRESS_MESSAGES: Readonly<Partial<Record<AddressReason, (address: string) => string>>> = {
  Static: (address) => `PASV announces \`${address}\`, the value of \`spec.passive.address\`.`,
  Hostname: (name) => `PASV announces the address of \`${name}\`, the value of \`spec.passive.address\`.`,
  ControlConnection: () => "PASV announces the address to which each client connected.",
  LoadBalancerAddress: (address) => `PASV announces \`${address}\`, the address of the load balancer.`,
  LoadBalancerHostname: (name) =>
    `PASV announces the address of \`${name}\`, the host name of the load balancer.`,
  NodeAddress: (address) => `PASV announces \`${address}\`, the address of a node.`,
  PodHostAddress: (address) => `PASV announces \`${address}\`, the address of the node of the serving pod.`,
  ClusterAddress: (address) => `PASV announces \`${address}\`, the cluster IP of the Service.`,
  IPv6Only: (addresses) =>
    `Clients connect to ${addresses} and use EPSV. PASV supports only IPv4 and gets the reply 425.`,
  NoIPv4Address: (addresses) =>
    `The Service has the address ${addresses}, but no IPv4 address. PASV requires IPv4. EPSV works. ` +
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
      `The load balancer has not assigned an address to the Service. If this lasts, run ${describe}. ` +
      "If the cluster has no load balancer, set `spec.exposure.type` to `NodePort`, or set `spec.passive.address`."
    );
  if (reason === "ClusterAddressPending")
    return `The Service has no cluster IP yet. If this lasts, run ${describe}.`;
  if (!needsServingPod(spec, { nodes }))
    return (
      "No ready node has an address in the IP families of the Service. Run `kubectl get nodes -o wide`, " +
      "or set `spec.passive.address`."
    );
  const limit =
    nodes === undefined && spec.exposure.type === "NodePort" ? " The operator cannot list nodes." : "";
  return `No ready pod runs on a node with a known address.${limit} Wait for the pod, or set \`spec.passive.address\`.`;
}

/**
 * Whether the engine can attribute a data connection to a session, by the address of its client or by TLS. Not part of Ready,
 * because plain FTP behind source NAT works for every client.
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
      "Nodes replace the addresses of clients, but every data connection uses TLS, which identifies its session.",
    );
  return conditionValue("DataConnectionsAttributed", "PlainDataBehindSourceNAT", plainDataMessage(spec), {
    warn: true,
  });
}

/** In mode Optional a client that never sends AUTH TLS has plain data connections, regardless of dataProtection. */
function allowsPlainData({ tls }: FtpServerSpec): boolean {
  return tls.mode === "Disabled" || tls.mode === "Optional" || tls.dataProtection === "Optional";
}

function plainDataMessage({ exposure }: FtpServerSpec): string {
  const exposureRemedy =
    exposure.type === "NodePort"
      ? "Use another `spec.exposure.type`"
      : "Use one replica with `spec.exposure.service.externalTrafficPolicy: Local` (`Auto` becomes `Local` when only one pod is left)";
  return (
    "Nodes replace the addresses of clients, and clients can transfer without TLS. A client that can reach the passive ports can take " +
    `over or inject the data connection of a plain session. ${exposureRemedy}, or use a proxy that sends addresses ` +
    "(`spec.proxyProtocol`). Or require TLS with `spec.tls.mode: Required` or `Implicit` and `spec.tls.dataProtection: Required`."
  );
}
