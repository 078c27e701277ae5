import type { StorageReport } from "../../api/engine-report.ts";
import type { PlannedState, StorageDecision } from "../model/decision.ts";
import { isReady, isTerminating } from "../model/objects.ts";
import type { PodReport } from "./condition.ts";

/** Storage of an FtpServer, with the engine reports about this storage. */
export interface StorageSubject {
  /** Name in `spec.additionalStorage`. The value is undefined for `spec.storage`. */
  name: string | undefined;
  storage: StorageDecision;
  reports: readonly PodReport<StorageReport>[];
}

/** Returns `spec.storage` and all additional storage, with the reports of pods that are not terminating. */
export function storageSubjects({ storage, additionalStorage, observed }: PlannedState): StorageSubject[] {
  const known = observed.children.pods
    .filter((pod) => !isTerminating(pod))
    .flatMap(({ metadata: { name: pod, uid = "" } }) => {
      const outcome = observed.reports?.get(uid);
      return outcome?.type === "Known" ? [{ pod, report: outcome.report }] : [];
    });
  const homes = known.map(({ pod, report }) => ({ pod, storage: report.storage }));
  return [
    { name: undefined, storage, reports: homes },
    ...additionalStorage.map((one) => ({
      name: one.name,
      storage: one.storage,
      reports: known.flatMap(({ pod, report }) => {
        const found = report.additionalStorage?.[one.name];
        return found === undefined ? [] : [{ pod, storage: found }];
      }),
    })),
  ];
}

/** Returns whether an engine has finished a check of the storage. */
export function isChecked({ name, reports }: StorageSubject, { observed }: PlannedState): boolean {
  if (reports.some(({ storage }) => storage.state !== "Checking")) return true;
  const pods = observed.children.pods.filter((pod) => !isTerminating(pod));
  const before = observed.server.status?.conditions?.find(({ type }) => type === "StorageReady");
  return pods.some((pod) => {
    const outcome = observed.reports?.get(pod.metadata.uid ?? "");
    // Older engine versions do not check additional storage.
    if (outcome?.type === "Known")
      return name !== undefined && outcome.report.additionalStorage === undefined;
    // A pod is ready only after the first check of the storage for home directories. Additional storage does not affect
    // readiness. After an operator restart, the condition keeps its status until the first report.
    return isReady(pod) && (name === undefined || before?.status === "True");
  });
}

/** Returns the start of a message about a fault that a pod reports. */
export function faultIn(pod: string, { name }: StorageSubject): string {
  return name === undefined ? `In pod \`${pod}\`, ` : `Storage \`${name}\` has a fault in pod \`${pod}\`: `;
}

/**
 * Returns the path of a storage field as shown in messages.
 * @param path path of the field below the entry of the storage
 */
export function fieldOf({ name }: StorageSubject, path: string): string {
  return name === undefined
    ? `\`spec.storage.${path}\``
    : `\`${path}\` in \`spec.additionalStorage\` (name \`${name}\`)`;
}

/**
 * Returns the sentence that states the effect of unusable storage.
 * @param what operations that fail in mounts of the storage
 */
export function unusable({ name }: StorageSubject, what: "Changes" | "Commands" = "Commands"): string {
  return name === undefined ? "Clients cannot connect." : `${what} in mounts of \`${name}\` fail.`;
}

/**
 * Returns the part of a message that names the mounts in which operations fail. The text is empty for `spec.storage`.
 */
export function scopeOf({ name }: StorageSubject): string {
  return name === undefined ? "" : ` in mounts of \`${name}\``;
}
