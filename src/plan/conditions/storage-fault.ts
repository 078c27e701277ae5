import type { StorageReport } from "../../api/engine-report.ts";
import type { Condition } from "../../api/kubernetes.ts";
import type { PlannedState } from "../model/decision.ts";
import { isTerminating } from "../model/objects.ts";
import { bucketFault, BUCKET_REASONS } from "./bucket.ts";
import { conditionValue } from "./condition.ts";
import type { ConditionValue, PodReport } from "./condition.ts";
import { volumeFault, VOLUME_REASONS } from "./volume.ts";

/** Returns the most severe storage fault that engines report, or undefined if no engine reports a fault. */
export function storageFault(state: PlannedState): ConditionValue | undefined {
  const { observed } = state;
  const outcomes = observed.children.pods
    .filter((pod) => !isTerminating(pod))
    .flatMap(({ metadata: { name, uid = "" } }) => {
      const outcome = observed.reports?.get(uid);
      return outcome === undefined ? [] : [{ pod: name, outcome }];
    });
  const reports = outcomes.flatMap(({ pod, outcome }): PodReport<StorageReport>[] =>
    outcome.type === "Known" ? [{ pod, storage: outcome.report.storage }] : [],
  );
  const fault = volumeFault(reports, state) ?? bucketFault(reports, state);
  if (fault !== undefined) return fault;
  // After the operator starts, no engine reports are available yet.
  const isPending = outcomes.some(({ outcome }) => outcome.type === "Pending");
  return isPending ? previousFault(observed.server.status?.conditions) : undefined;
}

const REASONS = [...Object.values(VOLUME_REASONS), ...Object.values(BUCKET_REASONS)];

function previousFault(conditions: readonly Condition[] = []): ConditionValue | undefined {
  const before = conditions.find(({ type }) => type === "StorageReady");
  const reason = REASONS.find((one) => one === before?.reason);
  if (before === undefined || reason === undefined) return undefined;
  return conditionValue("StorageReady", reason, before.message, { warn: true });
}
