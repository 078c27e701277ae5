import type { PortRange } from "../../../src/api/engine-config.ts";
import type { DesiredSlot, ObservedSlot, SlotAction, SlotPlan } from "../../../src/plan/model/decision.ts";
import { formatRange } from "../../../src/plan/model/port-ranges.ts";
import { assignSlots, partitionRange } from "../../../src/plan/slots/assignment.ts";
import { planSlots, type RolloutInput } from "../../../src/plan/slots/rollout.ts";

export interface Spec {
  replicas: number;
  version: number;
  range: PortRange;
  strategy: RolloutInput["strategy"];
}

/** Returns the desired slots for a spec. */
export function desiredOf(
  { replicas, version, range, strategy }: Spec,
  observed: readonly ObservedSlot[] = [],
): RolloutInput {
  const cut = partitionRange(range, replicas + (strategy === "InPlace" ? 0 : 1));
  const slots = assignSlots(cut, observed).map(({ name, ports }) => ({
    name,
    ports,
    templateHash: `${version} ${name} ${formatRange(ports)}`,
  }));
  return { replicas, strategy, slots };
}

/** Applies the planned action to a slot. */
function act(slot: ObservedSlot, action: SlotAction, desired: DesiredSlot | undefined): void {
  if ((action === "Run" || action === "Replace") && desired !== undefined) {
    const { templateHash, ports } = desired;
    slot.statefulSet = { replicas: action === "Run" ? 1 : 0, templateHash, ports, terminating: false };
  }
  if (action === "Drain" && slot.statefulSet !== undefined) slot.statefulSet.replicas = 0;
  if (action === "Drain" && slot.statefulSet === undefined && slot.pod !== undefined)
    slot.pod.terminating = true;
  if (action === "Remove") delete slot.statefulSet;
}

/**
 * Simulates the slots of one FtpServer: StatefulSets, the StatefulSet controller, and pods that become ready and
 * terminate.
 */
export class SimulatedSlots {
  readonly slots = new Map<string, ObservedSlot>();

  observe(): ObservedSlot[] {
    return structuredClone([...this.slots.values()]);
  }

  /** Computes one plan and applies its actions. */
  reconcile(spec: Spec): SlotPlan[] {
    const observed = this.observe();
    const desired = desiredOf(spec, observed);
    const plans = planSlots(desired, observed);
    for (const { name, action } of plans) {
      const slot = this.slots.get(name) ?? { name };
      act(
        slot,
        action,
        desired.slots.find((candidate) => candidate.name === name),
      );
      this.#keep(slot);
    }
    return plans;
  }

  /** Runs the simulated StatefulSet controller once. */
  control(): void {
    for (const slot of this.slots.values()) {
      const { statefulSet, pod } = slot;
      if (statefulSet === undefined) continue;
      if (statefulSet.replicas === 0 && pod !== undefined) pod.terminating = true;
      if (statefulSet.replicas === 1 && pod === undefined) {
        const { templateHash, ports } = statefulSet;
        slot.pod = { templateHash, ports, terminating: false, ready: false, started: false };
      }
    }
  }

  /** Sets the readiness of pods. A pod can have open sessions although it is not ready. */
  setReady(ready: boolean, name?: string): void {
    for (const { pod } of this.#slotsOf(name)) {
      if (pod === undefined) continue;
      pod.ready = ready;
      pod.started ||= ready;
    }
  }

  /** Stops the engine in a pod. */
  crash(name: string): void {
    for (const { pod } of this.#slotsOf(name)) if (pod !== undefined) pod.ready = pod.started = false;
  }

  deletePod(name: string): void {
    const pod = this.slots.get(name)?.pod;
    if (pod !== undefined) pod.terminating = true;
  }

  /** Deletes a StatefulSet but keeps its pod. */
  orphanPod(name: string): void {
    const slot = this.slots.get(name);
    delete slot?.statefulSet;
    if (slot !== undefined) this.#keep(slot);
  }

  /** Ends the last session on every terminating pod. */
  endDrains(name?: string): void {
    for (const slot of this.#slotsOf(name)) {
      if (slot.pod?.terminating !== true) continue;
      delete slot.pod;
      this.#keep(slot);
    }
  }

  /** Computes and applies plans until a plan changes nothing. Returns the number of plans. */
  settle(spec: Spec, maxRounds = 100): number {
    for (let round = 1; round <= maxRounds; round += 1) {
      const before = JSON.stringify(this.observe());
      this.reconcile(spec);
      this.control();
      this.setReady(true);
      this.endDrains();
      if (JSON.stringify(this.observe()) === before) return round;
    }
    throw new Error(`not settled after ${maxRounds} rounds: ${JSON.stringify(this.observe())}`);
  }

  pods(): { name: string; ports: PortRange; ready: boolean }[] {
    return [...this.slots.values()].flatMap(({ name, pod }) =>
      pod === undefined ? [] : [{ name, ports: pod.ports, ready: pod.ready && !pod.terminating }],
    );
  }

  #slotsOf(name: string | undefined): ObservedSlot[] {
    return [...this.slots.values()].filter((slot) => name === undefined || slot.name === name);
  }

  #keep(slot: ObservedSlot): void {
    if (slot.statefulSet === undefined && slot.pod === undefined) this.slots.delete(slot.name);
    else this.slots.set(slot.name, slot);
  }
}

/** Returns the state and the action of each slot, for example `a:Serving:Run b:Free:None`. */
export function states(plans: readonly SlotPlan[]): string {
  return plans.map(({ name, state, action }) => `${name}:${state}:${action}`).join(" ");
}

/** Returns the number of ready pods. */
export function readyCount(simulation: SimulatedSlots): number {
  return simulation.pods().filter(({ ready }) => ready).length;
}
