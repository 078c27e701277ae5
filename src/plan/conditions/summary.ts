import { PART_CONDITIONS } from "./condition.ts";
import type { ConditionValue, Findings, PartConditions } from "./condition.ts";

/** What can not get better by itself: a person has to change the spec or the object in the way. */
export interface Blocker {
  reason: string;
  message: string;
}

/**
 * The conditions that kstatus reads. Ready: everything serves as wished. Reconciling: something is still on its way.
 * Stalled: it will not get there. Ready, Reconciling and Stalled are never all False.
 */
export function summarize(parts: PartConditions, blocker: Blocker | undefined): Findings {
  if (blocker !== undefined) return { ...parts, ...stalledSummary(blocker) };
  const ready = summarizeReady(parts);
  const moving = parts.Progressing.status === "True" ? parts.Progressing : undefined;
  const waiting = ready.status === "True" ? undefined : ready;
  return { ...parts, Ready: ready, Reconciling: reconciling(moving ?? waiting), Stalled: NOT_STALLED };
}

/** The summary alone, for a spec that nothing can be said about. */
export function stalledSummary({
  reason,
  message,
}: Blocker): Pick<Findings, "Ready" | "Reconciling" | "Stalled"> {
  return {
    Ready: { status: "False", reason, message },
    Reconciling: { status: "False", reason, message: "Nothing goes on until that is changed." },
    Stalled: { status: "True", reason, message, warn: true },
  };
}

const NOT_STALLED: ConditionValue = {
  status: "False",
  reason: "NotStalled",
  message: "Nothing is in the way.",
};

function summarizeReady(parts: PartConditions): ConditionValue {
  const failed = PART_CONDITIONS.map((type) => parts[type]).filter(({ status }) => status === "False");
  const [first] = failed;
  if (first !== undefined) {
    return { status: "False", reason: first.reason, message: failed.map(({ message }) => message).join(" ") };
  }
  const unknown = PART_CONDITIONS.map((type) => parts[type]).find(({ status }) => status === "Unknown");
  if (unknown !== undefined) return unknown;
  const { reason, message } = parts.Available;
  // It serves, and that is all that may be said while replicas are missing.
  if (reason === "SomeReplicasReady") return { status: "True", reason, message };
  return { status: "True", reason: "Ready", message: "The server is as its spec says." };
}

function reconciling(cause: ConditionValue | undefined): ConditionValue {
  if (cause === undefined) return { status: "False", reason: "Done", message: "Nothing is left to do." };
  return { status: "True", reason: cause.reason, message: cause.message };
}
