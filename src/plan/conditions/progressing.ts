import type { Decision } from "../context.ts";
import type { SlotPlan } from "../slots.ts";
import type { Finding } from "./condition.ts";

/** Whether slots are on their way to what the spec wishes. Sessions that only end are no progress to wait for. */
export function progressing({ spec, slots, storage }: Decision): Finding {
  const current = slots.filter((slot) => slot.state === "Serving" && !slot.outdated);
  const rolling = slots.some((slot) => slot.outdated && slot.state !== "Free");
  const outdated = slots.filter((slot) => slot.outdated && isUp(slot));
  const starting = slots.filter((slot) => slot.state === "Starting");
  const draining = slots.filter((slot) => slot.state === "Draining");
  const notes = [
    note(starting, "starting"),
    note(outdated, "to be replaced"),
    note(draining, "draining until its sessions end"),
  ].filter((text) => text !== "");
  if (storage.type === "MissingClaim") {
    return {
      status: "False",
      reason: "WaitingForStorage",
      message: "No slot changes until the storage is there.",
    };
  }
  if (current.length === spec.replicas && outdated.length === 0 && starting.length === 0) {
    return { status: "False", reason: "Complete", message: ["Every slot is as wished.", ...notes].join(" ") };
  }
  if (storage.type === "Claim" && storage.access === "SingleNode" && rolling) notes.push(IN_PLACE);
  const reason = rolling ? "RollingOut" : "Scaling";
  return { status: "True", reason, message: notes.join(" ") || "Slots are about to start." };
}

const IN_PLACE = "Only one node can mount the volume, so the old pod ends before the new one starts.";

function isUp({ state }: SlotPlan): boolean {
  return state === "Serving" || state === "Starting";
}

function note(slots: readonly SlotPlan[], doing: string): string {
  return slots.length === 0 ? "" : `Slot ${slots.map(({ name }) => name).join(", ")}: ${doing}.`;
}
