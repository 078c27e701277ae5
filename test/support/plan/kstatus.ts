import type { FtpServer } from "../../../src/api/ftpserver.generated.ts";

/** Returns the status that kstatus computes for an object (cli-utils: pkg/kstatus/status/generic.go). */
export function kstatus({
  metadata,
  status,
}: FtpServer): "Terminating" | "InProgress" | "Failed" | "Current" {
  const is = (type: string): boolean =>
    status?.conditions?.some((c) => c.type === type && c.status === "True") ?? false;
  if (metadata.deletionTimestamp !== undefined) return "Terminating";
  if (status?.observedGeneration !== metadata.generation) return "InProgress";
  if (is("Reconciling")) return "InProgress";
  if (is("Stalled")) return "Failed";
  return is("Ready") ? "Current" : "InProgress";
}
