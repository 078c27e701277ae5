/** What was asked of an API server, from its audit log: for tests that count writes. */
import { readFileSync } from "node:fs";

/** The audit log's events so far, oldest first. */
export function readAuditLog(file: string): AuditEvent[] {
  const lines = readFileSync(file, "utf8").split("\n");
  // The last line may be half written.
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
  readonly responseStatus?: { readonly code: number };
  readonly requestReceivedTimestamp: string;
  /** Of the answer, in stage ResponseComplete. */
  readonly stageTimestamp: string;
}
