/** Reads the requests to an API server from its audit log. Tests use the audit events to count writes. */
import { readFileSync } from "node:fs";

/** Returns the events of an audit log, oldest first. */
export function readAuditLog(file: string): AuditEvent[] {
  const lines = readFileSync(file, "utf8").split("\n");
  // The last line of the log can be incomplete.
  return lines.slice(0, -1).map((line): AuditEvent => JSON.parse(line));
}

export interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly stage: string;
  readonly user: { readonly username: string };
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly resource: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly subresource?: string;
  };
  /** Present in stage ResponseComplete. */
  readonly responseStatus?: { readonly code: number };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}
