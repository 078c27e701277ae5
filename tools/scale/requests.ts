/** What the operator asked of the API server, by the audit log. */
import { type AuditEvent, readAuditLog } from "../../test/cluster/audit.ts";

/** Field manager of what the run itself writes, through the same client as the operator. */
export const RUN_MANAGER = "scale";

const WRITES: ReadonlySet<string> = new Set(["create", "update", "patch", "delete", "deletecollection"]);

/** The operator's finished requests so far. */
export function operatorRequests(auditLog: string): AuditEvent[] {
  return readAuditLog(auditLog).filter(
    ({ stage, userAgent, requestURI }) =>
      stage === "ResponseComplete" &&
      userAgent === "ftp-operator" &&
      !requestURI.includes(`fieldManager=${RUN_MANAGER}`),
  );
}

export function isWrite({ verb }: AuditEvent): boolean {
  return WRITES.has(verb);
}

/** Of a child object: neither the status of an FtpServer nor an event. */
export function isChildWrite(event: AuditEvent): boolean {
  return isWrite(event) && !["ftpservers", "events"].includes(event.objectRef?.resource ?? "");
}

/** Of the status of an FtpServer. */
export function isStatusWrite(event: AuditEvent): boolean {
  return isWrite(event) && event.objectRef?.resource === "ftpservers";
}

/** How many requests there were of each verb, as `patch ftpservers/status`. */
export function countByVerb(events: readonly AuditEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { verb, objectRef: { resource = "", subresource } = {} } of events) {
    const name = `${verb} ${resource}${subresource === undefined ? "" : `/${subresource}`}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Milliseconds since 1970 when the last of the requests was answered. */
export function endOf(events: readonly AuditEvent[]): number {
  return events.reduce((latest, { stageTimestamp }) => Math.max(latest, Date.parse(stageTimestamp)), 0);
}

/** Of {@link countByVerb}, what concerns single objects: everything but lists and watches. */
export function readsAndWrites(counts: ReadonlyMap<string, number>): [name: string, count: number][] {
  return [...counts]
    .filter(([name]) => !/^(?:list|watch) /u.test(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
