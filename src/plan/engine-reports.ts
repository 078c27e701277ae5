import type { EngineReport } from "../api/engine-report.ts";
import { SLOT_LABEL } from "../api/names.ts";
import type { Decision } from "./model/decision.ts";
import { isReady, isTerminating } from "./model/objects.ts";
import type { Pod } from "./model/objects.ts";
import type { Observed } from "./model/observed.ts";

/** What is known of the report of one engine (see {@link EngineReport}). */
export type ReportOutcome =
  /** No attempt to read it has ended. */
  | { type: "Pending" }
  /** It cannot be read, for example because a NetworkPolicy keeps the operator from the metrics port. */
  | { type: "Unknown" }
  | { type: "Known"; report: EngineReport };

/** A pod whose engine is asked for its report. */
export interface ReportTarget {
  uid: string;
  /** IP address of the pod. */
  host: string;
  ready: boolean;
}

/** Engines that are asked for their reports. */
export interface ReportRequest {
  targets: ReportTarget[];
  /** Between two reports of a pod that is ready. */
  periodSeconds: number;
}

/** Returns the pods of a server whose engines are asked. One that is terminating does not matter any more. */
export function reportRequest({ spec, observed }: Decision): ReportRequest {
  return {
    targets: observed.children.pods.flatMap(targetOf),
    periodSeconds: spec.reachabilityCheck.periodSeconds,
  };
}

function targetOf(pod: Pod): ReportTarget[] {
  const { uid } = pod.metadata;
  const host = pod.status?.podIP;
  if (isTerminating(pod) || uid === undefined || host === undefined) return [];
  return [{ uid, host, ready: isReady(pod) }];
}

/** Returns the versions of the engines by slot. One that is not known now is the one that the status has, if it may still be right. */
export function engineVersions({ server, children, reports }: Observed): ReadonlyMap<string, string> {
  const before = new Map(server.status?.slots?.map(({ name, version }) => [name, version]));
  return new Map(
    children.pods.flatMap((pod): [string, string][] => {
      const { labels = {}, uid = "" } = pod.metadata;
      const slot = labels[SLOT_LABEL] ?? "";
      const outcome = reports?.get(uid) ?? { type: "Pending" };
      const isOld = isTerminating(pod) || outcome.type === "Pending";
      const version = outcome.type === "Known" ? outcome.report.version : isOld && before.get(slot);
      return version ? [[slot, version]] : [];
    }),
  );
}

/** Orders versions (Semantic Versioning 2.0.0, section 11), the lowest one first. Pre-releases of one version are ordered as text. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [sortKey(a), sortKey(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Digits of a number in a version, see {@link EngineReport}. */
const DIGITS = 6;
/** Behind every character of a pre-release. */
const RELEASE = "~";

function sortKey(version: string): string {
  const [core = "", preRelease = RELEASE] = version.replace(/\+.*$/u, "").split(/-(.*)/u);
  return `${core.replaceAll(/\d+/gu, (number) => number.padStart(DIGITS, "0"))} ${preRelease}`;
}
