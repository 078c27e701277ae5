import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import type { Decision } from "../model/decision.ts";
import { hidesClients } from "../network/traffic-policy.ts";
import type { ConditionValue } from "./condition.ts";

/**
 * Whether the engine can attribute a data connection to a session, by the address of its client or by TLS. Not part of Ready,
 * because plain FTP behind source NAT works for every client.
 */
export function dataConnectionsAttributed({ spec, trafficPolicy }: Decision): ConditionValue {
  if (!hidesClients(spec, trafficPolicy))
    return {
      status: "True",
      reason: "ClientAddressesVisible",
      message: "The engine accepts a data connection only from the client address of its session.",
    };
  if (!allowsPlainData(spec))
    return {
      status: "True",
      reason: "DataConnectionsEncrypted",
      message:
        "Nodes replace the clients' addresses with their own, but all data connections use TLS, which tells sessions apart.",
    };
  return { status: "False", reason: "PlainDataBehindSourceNAT", message: exposed(spec), warn: true };
}

/** In mode Optional a client that never sends AUTH TLS has plain data connections, regardless of dataProtection. */
function allowsPlainData({ tls }: FtpServerSpec): boolean {
  return tls.mode === "Disabled" || tls.mode === "Optional" || tls.dataProtection === "Optional";
}

function exposed({ exposure }: FtpServerSpec): string {
  const visible =
    exposure.type === "NodePort"
      ? "Use another `spec.exposure.type`"
      : "Use one replica with `spec.exposure.loadBalancer.externalTrafficPolicy: Local` (if the policy is unset, it becomes Local when one pod is left)";
  return (
    "Nodes replace the clients' addresses with their own, and clients may transfer without TLS. Those data connections cannot be attributed " +
    "to sessions: anyone who can reach the passive ports can take or inject the data connection of a plain session. " +
    `${visible}, or let a proxy send the addresses (\`spec.proxyProtocol\`), or require TLS for all data connections ` +
    "(`spec.tls.mode: Required` or `Implicit`, and `spec.tls.dataProtection: Required`)."
  );
}
