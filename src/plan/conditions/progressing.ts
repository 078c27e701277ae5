import type { Decision } from "../context.ts";
import type { SlotPlan } from "../slots.ts";
import type { Finding } from "./condition.ts";
import { podProblems } from "./pod-problems.ts";

/** Whether slots are on their way to what the spec wishes. Sessions that only end are no progress to wait for. */
export function progressing(decision: Decision): Finding {
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
  const notes = [
    note(starting, "starting"),
    note(outdated, "to be replaced"),
    note(
      slots.filter(({ state }) => state === "Draining"),
      "draining until its sessions end",
    ),
  ].filter((text) => text !== "");
  const current = slots.filter((slot) => slot.state === "Serving" && !slot.outdated);
  if (current.length === spec.replicas && outdated.length === 0 && starting.length === 0) {
    return { status: "False", reason: "Complete", message: ["Every slot is as wished.", ...notes].join(" ") };
  }
  if (spec.maintenance === "Enabled")
    return { status: "True", reason: "Maintenance", message: [MAINTENANCE, ...notes].join(" ") };
  return onTheWay(decision, notes);
}

function onTheWay(decision: Decision, notes: readonly string[]): Finding {
  const { slots, observed } = decision;
  const rolling = slots.some((slot) => slot.outdated && slot.state !== "Free");
  const inPlace = rolling ? whyInPlace(decision) : [];
  const problems = podProblems(observed.children.pods);
  const message = [...notes, ...inPlace, ...problems].join(" ");
  const reason = rolling ? "RollingOut" : "Scaling";
  return {
    status: "True",
    reason,
    message: message || "Slots are about to start.",
    warn: rolling && problems.length > 0,
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
