/** Conditions Available (number of ready replicas) and Progressing (state of slots). */
import { listText } from "../../common/text.ts";
import { isMissing } from "../decide.ts";
import type { PlannedState, SlotPlan, StorageDecision } from "../model/decision.ts";
import { conditionValue, NOT_CREATED } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";
import { diagnosePods, type PodDiagnosis } from "./pod-diagnosis.ts";

/** Returns the condition Available: True when at least one replica is ready, or when `spec.replicas` is 0. */
export function available({ spec, slots, observed }: PlannedState): ConditionValue {
  const ready = slots.filter(({ state }) => state === "Serving").length;
  const { pods, statefulSets } = observed.children;
  if (spec.replicas === 0)
    return conditionValue("Available", "Stopped", "`spec.replicas` is 0. Clients cannot connect.");
  const replicas = spec.replicas === 1 ? "1 replica" : `${spec.replicas} replicas`;
  const count = `${ready} of ${replicas} ${ready === 1 || spec.replicas === 1 ? "is" : "are"} ready.`;
  if (ready >= spec.replicas) return conditionValue("Available", "AllReplicasReady", count);
  if (statefulSets.length === 0 && pods.length === 0) return NOT_CREATED;
  const { messages, validUntil } = diagnosePods(observed);
  const message = [count, ...messages].join(" ");
  if (ready > 0) return conditionValue("Available", "SomeReplicasReady", message, { validUntil });
  return conditionValue("Available", "NoReplicaReady", message, { warn: messages.length > 0, validUntil });
}

function waitingMessage(storage: StorageDecision): string {
  if (storage.type === "MissingClaim")
    return `No pod is started or replaced until PersistentVolumeClaim \`${storage.claimName}\` exists.`;
  const failure = storage.type === "ObjectStorage" ? storage.failure : undefined;
  return `No pod is started or replaced. ${failure?.message ?? ""}`;
}

/**
 * Returns the condition Progressing: whether the operator is changing slots. Slots that only drain do not count as
 * changes.
 */
export function progressing(state: PlannedState): ConditionValue {
  const { spec, slots, storage } = state;
  const missing = [storage, ...state.additionalStorage.map((one) => one.storage)].find(isMissing);
  if (missing !== undefined)
    return conditionValue("Progressing", "WaitingForStorage", waitingMessage(missing));
  const outdated = slots.filter((slot) => slot.outdated && isUp(slot));
  const starting = slots.filter(({ state }) => state === "Starting");
  const diagnosis = diagnosePods(state.observed);
  const draining = slots.filter(({ name, state }) => state === "Draining" && !diagnosis.stuckSlots.has(name));
  const notes = [
    ...slotNote(starting, "starting"),
    ...slotNote(outdated, "waiting for replacement"),
    ...slotNote(draining, "draining until the last session ends"),
    ...diagnosis.messages,
  ];
  const current = slots.filter((slot) => slot.state === "Serving" && !slot.outdated);
  const unfinished = [outdated, starting, emptied(state)].some(({ length }) => length > 0);
  if (current.length === spec.replicas && !unfinished) return complete(notes, diagnosis);
  if (spec.maintenance.mode === "Enabled")
    return conditionValue("Progressing", "Maintenance", [MAINTENANCE, ...notes].join(" "));
  return changing(state, notes, diagnosis);
}

/** Returns the slots that have no pod and whose StatefulSet the plan scales to 0 before deleting the StatefulSet. */
function emptied({ slots, observedSlots }: PlannedState): SlotPlan[] {
  const withPods = new Set(observedSlots.flatMap(({ name, pod }) => (pod === undefined ? [] : [name])));
  return slots.filter(({ name, action }) => action === "Drain" && !withPods.has(name));
}

/**
 * Returns the condition for a complete rollout. The condition reports a pod that does not terminate, because the next
 * rollout waits for the ports of that pod.
 */
function complete(notes: readonly string[], { stuckSlots, validUntil }: PodDiagnosis): ConditionValue {
  const isStuck = stuckSlots.size > 0;
  const message = ["All slots match the spec.", ...notes].join(" ");
  return conditionValue("Progressing", isStuck ? "PodStuckTerminating" : "Complete", message, {
    warn: isStuck,
    validUntil,
  });
}

function changing(
  state: PlannedState,
  notes: readonly string[],
  { messages, validUntil }: PodDiagnosis,
): ConditionValue {
  const { slots } = state;
  const isRollout = slots.some((slot) => slot.outdated && slot.state !== "Free");
  const message = [...notes, ...(isRollout ? replacementNote(state) : [])].join(" ");
  return conditionValue(
    "Progressing",
    isRollout ? "RollingOut" : "Scaling",
    message || "Slots are starting.",
    {
      // When no slot is serving, the condition Available reports the warning.
      warn: messages.length > 0 && slots.some(({ state }) => state === "Serving"),
      validUntil,
    },
  );
}

const MAINTENANCE = "No pod is started or replaced until `spec.maintenance.mode` is `Disabled`.";

function replacementNote({ spec, storage, additionalStorage }: PlannedState): string[] {
  const storages = [storage, ...additionalStorage.map((one) => one.storage)];
  if (storages.some((one) => one.type === "Claim" && one.access === "SingleNode"))
    return ["The old pod stops before the new pod starts, because only one node can mount the volume."];
  return spec.rollout.type === "Recreate"
    ? ["The old pod stops before the new pod starts, because `spec.rollout.type` is `Recreate`."]
    : [];
}

function isUp({ state }: SlotPlan): boolean {
  return state === "Serving" || state === "Starting";
}

function slotNote(slots: readonly SlotPlan[], state: string): string[] {
  if (slots.length === 0) return [];
  const names = listText(slots.map(({ name }) => name));
  return [slots.length === 1 ? `Slot ${names} is ${state}.` : `Slots ${names} are ${state}.`];
}
