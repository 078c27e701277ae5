import type { Decision } from "../model/decision.ts";
import type { SlotPlan } from "../slots/rollout.ts";
import type { ConditionValue } from "./condition.ts";
import { type PodProblems, podProblems } from "./pod-diagnosis.ts";

/** Whether slots are on their way to what the spec wishes. Sessions that only end are no progress to wait for. */
export function progressing(decision: Decision): ConditionValue {
  const { spec, slots, storage } = decision;
  if (storage.type === "MissingClaim") {
    return {
      status: "False",
      reason: "WaitingForStorage",
      message: "No slot changes until the storage is there.",
    };
  }
  const outdated = slots.filter((slot) => slot.outdated && isUp(slot));
  const starting = slots.filter(({ state }) => state === "Starting");
  const violations = podProblems(decision.observed);
  const notes = [
    note(starting, "starting"),
    note(outdated, "to be replaced"),
    note(
      slots.filter(({ name, state }) => state === "Draining" && !violations.endlessSlots.has(name)),
      "draining until its sessions end",
    ),
    ...violations.messages,
  ].filter((text) => text !== "");
  const current = slots.filter((slot) => slot.state === "Serving" && !slot.outdated);
  if (current.length === spec.replicas && outdated.length === 0 && starting.length === 0)
    return complete(notes, violations);
  if (spec.maintenance.mode === "Enabled")
    return { status: "True", reason: "Maintenance", message: [MAINTENANCE, ...notes].join(" ") };
  return onTheWay(decision, notes, violations);
}

/** A pod that can not end is missed only by the next rollout, which will want its ports. */
function complete(notes: readonly string[], { endlessSlots, until }: PodProblems): ConditionValue {
  const isStuck = endlessSlots.size > 0;
  return {
    status: "False",
    reason: isStuck ? "PodNotEnding" : "Complete",
    message: ["Every slot is as wished.", ...notes].join(" "),
    warn: isStuck,
    until,
  };
}

function onTheWay(
  decision: Decision,
  notes: readonly string[],
  { messages, until }: PodProblems,
): ConditionValue {
  const { slots } = decision;
  const rolling = slots.some((slot) => slot.outdated && slot.state !== "Free");
  const inPlace = rolling ? whyInPlace(decision) : [];
  const message = [...notes, ...inPlace].join(" ");
  return {
    status: "True",
    reason: rolling ? "RollingOut" : "Scaling",
    message: message || "Slots are about to start.",
    // While nothing serves, Available warns.
    warn: messages.length > 0 && slots.some(({ state }) => state === "Serving"),
    until,
  };
}

const MAINTENANCE = "Nothing is started or replaced until spec.maintenance is Disabled.";

function whyInPlace({ spec, storage }: Decision): string[] {
  const so = "so the old pod ends before the new one starts.";
  if (storage.type === "Claim" && storage.access === "SingleNode")
    return [`Only one node can mount the volume, ${so}`];
  return spec.rollout.type === "Recreate" ? [`spec.rollout.type is Recreate, ${so}`] : [];
}

function isUp({ state }: SlotPlan): boolean {
  return state === "Serving" || state === "Starting";
}

function note(slots: readonly SlotPlan[], doing: string): string {
  return slots.length === 0 ? "" : `Slot ${slots.map(({ name }) => name).join(", ")}: ${doing}.`;
}
