/** Reads the requests of the operator from the audit log of the API server. */
import { type AuditEvent, readAuditLog } from "../../test/cluster/audit.ts";

/**
 * Field manager for the writes that the measurement sends. The field manager distinguishes these writes from the writes
 * of the operator, which uses the same client library.
 */
export const RUN_MANAGER = "scale";

const WRITES: ReadonlySet<string> = new Set(["create", "update", "patch", "delete", "deletecollection"]);

/** Returns the completed requests from the operator. */
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

/** Returns whether a request writes a child object. Statuses and events are not child objects. */
export function isChildWrite(event: AuditEvent): boolean {
  return isWrite(event) && !["ftpservers", "events"].includes(event.objectRef?.resource ?? "");
}

/** Returns whether a request writes the status of an FtpServer. */
export function isStatusWrite(event: AuditEvent): boolean {
  return isWrite(event) && event.objectRef?.resource === "ftpservers";
}

/** Returns the number of requests by verb and resource, for example `patch ftpservers/status`. */
export function countByVerb(events: readonly AuditEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { verb, objectRef: { resource = "", subresource } = {} } of events) {
    const name = `${verb} ${resource}${subresource === undefined ? "" : `/${subresource}`}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Returns the time of the last response in milliseconds since the epoch. */
export function endOf(events: readonly AuditEvent[]): number {
  return events.reduce((latest, { stageTimestamp }) => Math.max(latest, Date.parse(stageTimestamp)), 0);
}

/** Returns the counts of {@link countByVerb} without lists and watches. */
export function readsAndWrites(counts: ReadonlyMap<string, number>): [name: string, count: number][] {
  return [...counts]
    .filter(([name]) => !/^(?:list|watch) /u.test(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
