/** Values that the rules, the plan and the operator derive from the spec of an FtpServer. */
import type { FtpServerSpec, FtpServerTls } from "./ftpserver.generated.ts";

/** Returns the number of replicas that the layout of slots allows. An autoscaler can use fewer. */
export function maxReplicasOf({ replicas, maxReplicas = 0 }: FtpServerSpec): number {
  return Math.max(replicas, maxReplicas);
}

/** Whether users can log in with a client certificate instead of a password. */
export function certificatesLogIn({ mode, clientCertificates }: FtpServerTls): boolean {
  return (
    mode !== "Disabled" && clientCertificates.mode !== "Disabled" && clientCertificates.login !== "Password"
  );
}
