import type { PortRange } from "../api/engine-config.ts";
import { decideAddress } from "./address.ts";
import { buildEngineConfig } from "./builders/config-secret.ts";
import { buildPodTemplate } from "./builders/pod-template.ts";
import { TEMPLATE_HASH_ANNOTATION } from "./annotations.ts";
import { planApplies, planDeletions, planTouches } from "./children.ts";
import type { Deletion, PodTouch } from "./children.ts";
import { addressAssigned } from "./conditions/address-assigned.ts";
import { available } from "./conditions/available.ts";
import { passivePortsPublished } from "./conditions/passive-ports-published.ts";
import { progressing } from "./conditions/progressing.ts";
import { storageReady } from "./conditions/storage-ready.ts";
import { summarize } from "./conditions/summary.ts";
import type { Obstacle } from "./conditions/summary.ts";
import { usersReady } from "./conditions/users-ready.ts";
import type { PartFindings } from "./conditions/condition.ts";
import type { Context, Decision } from "./context.ts";
import { planEvents } from "./events.ts";
import type { PlannedEvent } from "./events.ts";
import { maskedClients, trafficPolicy } from "./exposure.ts";
import { cutRange, mergeRanges } from "./layout.ts";
import { observeSlots } from "./observe-slots.ts";
import type { Observed } from "./observed.ts";
import { isTerminating } from "./objects.ts";
import type { ChildObject } from "./objects.ts";
import { sortOut } from "./ownership.ts";
import type { SlotObservation } from "./slot.ts";
import { planSlots } from "./slots.ts";
import type { SlotWish } from "./slots.ts";
import type { FtpServerStatus } from "../api/ftpserver.generated.ts";
import { buildStatus } from "./status.ts";
import { storageFacts } from "./storage.ts";
import type { StorageFacts } from "./storage.ts";

/** What has to be done to bring the world one step nearer to the spec; doing it changes what is observed next. */
export interface Plan {
  /** By server-side apply, in this order. Empty when the world is as wished. */
  apply: ChildObject[];
  delete: Deletion[];
  /** After the applies. */
  touchPods: PodTouch[];
  /** The whole status; equal bytes in an unchanged world. */
  status: FtpServerStatus;
  /** For transitions only. */
  events: PlannedEvent[];
  /** When to plan again although nothing was seen to change. */
  requeueAfterSeconds?: number;
}

/** Decides the next step for one FtpServer. Pure: equal observations give equal plans. */
export function plan(observed: Observed): Plan {
  const { server } = observed;
  // The garbage collector removes the children; nothing may be made again meanwhile.
  if (isTerminating(server)) return { ...NOTHING, status: server.status ?? {} };
  const { children, foreign, obstacle } = sortOut(server, observed.children);
  const decision = decide({ ...observed, children });
  const findings = summarize(findParts(decision), obstacle ?? refused(observed));
  const status = buildStatus(decision, findings);
  const events = planEvents(server.status, status, findings);
  if (obstacle !== undefined) return { ...NOTHING, status, events };
  return {
    apply: planApplies(decision, foreign),
    delete: planDeletions(decision),
    touchPods: planTouches(decision),
    status,
    events,
  };
}

const NOTHING = { apply: [], delete: [], touchPods: [], events: [] };

function decide(observed: Observed): Decision {
  const { server } = observed;
  const { spec } = server;
  const policy = trafficPolicy(spec);
  const context: Context = {
    observed,
    server,
    spec,
    trafficPolicy: policy,
    maskedClients: maskedClients(observed, policy),
    storage: storageFacts(spec, observed),
    address: decideAddress(spec, observed),
  };
  const strategy = strategyFor(context.storage);
  const slices = cutRange(spec.passive.portRange, spec.replicas + (strategy === "InPlace" ? 0 : 1));
  const seen = observeSlots(observed.children);
  const wished = slices.map((slice) => ({
    ...slice,
    templateHash: buildPodTemplate(context, slice).metadata.annotations[TEMPLATE_HASH_ANNOTATION] ?? "",
  }));
  return {
    ...context,
    slices,
    slots: planSlots({ replicas: spec.replicas, slots: wished, strategy }, seen),
    config: buildEngineConfig(context),
    publishedPorts: mergeRanges([spec.passive.portRange, ...heldPorts(seen)]),
  };
}

function strategyFor(storage: StorageFacts): SlotWish["strategy"] {
  switch (storage.type) {
    case "Ephemeral":
      return "Surge";
    case "MissingClaim":
      return "Frozen";
    case "Claim":
      return storage.access === "SingleNode" ? "InPlace" : "Surge";
  }
}

/** Ports of living pods stay open even when the range has moved on. */
function heldPorts(slots: readonly SlotObservation[]): PortRange[] {
  return slots.flatMap(({ pod }) => (pod === undefined ? [] : [pod.ports]));
}

function findParts(decision: Decision): PartFindings {
  return {
    Progressing: progressing(decision),
    StorageReady: storageReady(decision),
    UsersReady: usersReady(decision),
    Available: available(decision),
    PassivePortsPublished: passivePortsPublished(decision),
    AddressAssigned: addressAssigned(decision),
  };
}

function refused({ refusals = [] }: Observed): Obstacle | undefined {
  const [first] = refusals;
  if (first === undefined) return undefined;
  const { kind, name } = first.ref;
  return { reason: "Refused", message: `The API server refused ${kind} ${name}: ${first.message}` };
}
