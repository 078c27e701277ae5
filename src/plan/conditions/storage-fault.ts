import type { Condition } from "../../api/kubernetes.ts";
import type { PlannedState } from "../model/decision.ts";
import { isTerminating } from "../model/objects.ts";
import { bucketFault, BUCKET_REASONS } from "./bucket.ts";
import { conditionValue } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";
import { isChecked, storageSubjects } from "./storage-subject.ts";
import { volumeFault, VOLUME_REASONS } from "./volume.ts";

/** Condition statuses, most severe first. */
const SEVERITY: readonly ConditionValue["status"][] = ["False", "Unknown", "True"];

/**
 * Returns the condition value for the storage faults that engines report, or undefined if no fault is known. The most
 * severe fault determines the reason. The message describes the most severe fault of each storage.
 */
export function storageFault(state: PlannedState): ConditionValue | undefined {
  const { observed } = state;
  const faults = storageSubjects(state)
    .flatMap((subject) => volumeFault(subject, state) ?? bucketFault(subject) ?? [])
    .toSorted((a, b) => SEVERITY.indexOf(a.status) - SEVERITY.indexOf(b.status));
  const [first] = faults;
  if (first !== undefined) return { ...first, message: faults.map(({ message }) => message).join(" ") };
  // After the operator starts, no engine reports are available yet.
  const isPending = observed.children.pods.some(
    (pod) => !isTerminating(pod) && observed.reports?.get(pod.metadata.uid ?? "")?.type === "Pending",
  );
  return isPending ? previousFault(observed.server.status?.conditions) : undefined;
}

/**
 * Returns the condition value for the first bucket that no engine has checked. Returns undefined when engines have
 * checked all buckets, or when `spec.replicas` is 0.
 */
export function uncheckedBucket(state: PlannedState): ConditionValue | undefined {
  if (state.spec.replicas === 0) return undefined;
  for (const subject of storageSubjects(state)) {
    const { name, storage } = subject;
    if (storage.type !== "ObjectStorage" || isChecked(subject, state)) continue;
    const where = name === undefined ? "" : ` of storage \`${name}\` in \`spec.additionalStorage\``;
    const message =
      `No engine has checked bucket \`${storage.storage.bucket}\`${where} yet. ` +
      "If this condition does not change within a minute, check the condition `Available`.";
    return conditionValue("StorageReady", "BucketNotChecked", message);
  }
  return undefined;
}

const REASONS = [...Object.values(VOLUME_REASONS), ...Object.values(BUCKET_REASONS)];

function previousFault(conditions: readonly Condition[] = []): ConditionValue | undefined {
  const before = conditions.find(({ type }) => type === "StorageReady");
  const reason = REASONS.find((one) => one === before?.reason);
  if (before === undefined || reason === undefined) return undefined;
  return conditionValue("StorageReady", reason, before.message, { warn: true });
}
