import type { FtpServerSpec } from "./ftpserver.generated.ts";

/** The most replicas a server may get without a change of its layout; an autoscaler moves below it. */
export function maxReplicasOf({ replicas, maxReplicas = 0 }: FtpServerSpec): number {
  return Math.max(replicas, maxReplicas);
}
