import assert from "node:assert/strict";
import type { FtpServer } from "../../../src/api/ftpserver.generated.ts";
import type { Condition } from "../../../src/api/kubernetes.ts";

/** Returns a condition in the status. Fails if the status does not contain the condition. */
export function conditionOf(server: FtpServer, type: string): Condition {
  const found = server.status?.conditions?.find((one) => one.type === type);
  assert.ok(found, type);
  return found;
}

/** Returns the status and reason of a condition, for example `True Ready`. */
export function statusAndReason(server: FtpServer, type: string): string {
  const { status, reason } = conditionOf(server, type);
  return `${status} ${reason}`;
}
