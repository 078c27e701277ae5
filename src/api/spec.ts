/** Values derived from the FtpServer spec, for the rules, the plan and the operator. */
import type { FtpServerSpec, FtpServerTls } from "./ftpserver.generated.ts";

/** Returns the number of replicas that the slot layout supports. An autoscaler can request fewer replicas. */
export function maxReplicasOf({ replicas, maxReplicas = 0 }: FtpServerSpec): number {
  return Math.max(replicas, maxReplicas);
}

/** Returns whether users can log in with a client certificate instead of a password. */
export function certificatesLogIn({ mode, clientCertificates }: FtpServerTls): boolean {
  return (
    mode !== "Disabled" && clientCertificates.mode !== "Disabled" && clientCertificates.login !== "Password"
  );
}
