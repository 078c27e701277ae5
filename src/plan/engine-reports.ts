import { SLOT_LABEL } from "../api/names.ts";
import type { Decision } from "./model/decision.ts";
import { isReady, isTerminating } from "./model/objects.ts";
import type { Pod } from "./model/objects.ts";
import type { Observed, ReportRequest, ReportTarget } from "./model/observed.ts";

/**
 * Maximum number of seconds between two reports about sinks, buckets or additional storage. An engine remains ready
 * while a sink, a bucket endpoint or additional storage fails. Only the engine report shows the failure.
 */
const ENDPOINT_REPORT_SECONDS = 10;

/** Returns the pods whose engine reports the operator requests: all pods that are not terminating. */
export function reportRequest({ spec, storage, additionalStorage, observed }: Decision): ReportRequest {
  const { periodSeconds } = spec.reachabilityCheck;
  const hasEndpoint =
    storage.type === "ObjectStorage" || additionalStorage.length > 0 || spec.notifications.length > 0;
  return {
    targets: observed.children.pods.flatMap(targetOf),
    periodSeconds: hasEndpoint ? Math.min(periodSeconds, ENDPOINT_REPORT_SECONDS) : periodSeconds,
  };
}

function targetOf(pod: Pod): ReportTarget[] {
  const { uid } = pod.metadata;
  const host = pod.status?.podIP;
  if (isTerminating(pod) || uid === undefined || host === undefined) return [];
  const started = pod.status?.containerStatuses?.some((container) => container.started === true) ?? false;
  return [{ uid, host, ready: isReady(pod), started }];
}

/**
 * Returns the engine versions, keyed by slot. For a terminating pod, and for a pod whose first report is pending, the
 * result contains the version from the status.
 */
export function engineVersions({ server, children, reports }: Observed): ReadonlyMap<string, string> {
  const previous = new Map(server.status?.slots?.map(({ name, version }) => [name, version]));
  return new Map(
    children.pods.flatMap((pod): [string, string][] => {
      const { labels = {}, uid = "" } = pod.metadata;
      const slot = labels[SLOT_LABEL] ?? "";
      const outcome = reports?.get(uid) ?? { type: "Pending" };
      const keepsPrevious = isTerminating(pod) || outcome.type === "Pending";
      const version = outcome.type === "Known" ? outcome.report.version : keepsPrevious && previous.get(slot);
      return version ? [[slot, version]] : [];
    }),
  );
}

/**
 * Compares versions according to Semantic Versioning 2.0.0 section 11, lowest first. Compares pre-releases of the same
 * version as text.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [sortKey(a), sortKey(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Maximum number of digits in each numeric part of a version. See EngineReport. */
const DIGITS = 6;
/**
 * Placeholder for the pre-release name in the sort key of a release. The placeholder sorts after every pre-release
 * name.
 */
const RELEASE = "~";

function sortKey(version: string): string {
  const [core = "", preRelease = RELEASE] = version.replace(/\+.*$/u, "").split(/-(.*)/u);
  return `${core.replaceAll(/\d+/gu, (number) => number.padStart(DIGITS, "0"))} ${preRelease}`;
}
