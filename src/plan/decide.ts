import type { PortRange } from "../api/engine-config.ts";
import type { FtpServerSpec } from "../api/ftpserver.generated.ts";
import { maxReplicasOf } from "../api/replicas.ts";
import { decideAddress } from "./network/announced-address.ts";
import { TEMPLATE_HASH_ANNOTATION } from "./model/annotations.ts";
import { buildEngineConfig } from "./desired/config-secret.ts";
import { buildPodTemplate } from "./desired/pod-template.ts";
import type { Context, Decision } from "./model/decision.ts";
import { maskedClients, presentTrafficPolicy } from "./network/traffic-policy.ts";
import { partitionRange, mergeRanges } from "./model/port-ranges.ts";
import { assignSlots } from "./slots/assignment.ts";
import { observeSlots } from "./slots/observe-slots.ts";
import type { Observed } from "./model/observed.ts";
import type { SlotObservation } from "./slots/slot-state.ts";
import { planSlots } from "./slots/rollout.ts";
import type { SlotPlanInput } from "./slots/rollout.ts";
import { storageFacts } from "./desired/storage-facts.ts";
import type { StorageFacts } from "./desired/storage-facts.ts";

/** Decides everything about a valid FtpServer; objects, conditions and status follow from it. */
export function decide(observed: Observed): Decision {
  const { server } = observed;
  const { spec } = server;
  const policy = presentTrafficPolicy(spec, observed.children);
  const context: Context = {
    observed,
    server,
    spec,
    trafficPolicy: policy,
    // PROXY headers tell the true addresses.
    maskedClients: spec.proxyProtocol.mode === "Enabled" ? [] : maskedClients(observed, policy),
    storage: storageFacts(spec, observed),
    address: decideAddress(spec, observed),
  };
  const strategy = strategyFor(spec, context.storage);
  const cut = partitionRange(spec.passive.portRange, maxReplicasOf(spec) + (strategy === "InPlace" ? 0 : 1));
  const seen = observeSlots(observed.children);
  const slices = assignSlots(cut, seen);
  const desired = slices.map((slice) => ({
    ...slice,
    templateHash: buildPodTemplate(context, slice).metadata.annotations[TEMPLATE_HASH_ANNOTATION] ?? "",
  }));
  return {
    ...context,
    slices,
    slots: planSlots(
      {
        replicas: spec.replicas,
        slots: desired,
        strategy: spec.maintenance.mode === "Enabled" ? "Frozen" : strategy,
      },
      seen,
    ),
    config: buildEngineConfig(context),
    publishedPorts: mergeRanges([spec.passive.portRange, ...heldPorts(seen)]),
  };
}

function strategyFor({ rollout, exposure }: FtpServerSpec, storage: StorageFacts): SlotPlanInput["strategy"] {
  // Two pods can not have one port of one node.
  const desired = rollout.type === "Recreate" || exposure.type === "HostPort" ? "InPlace" : "Surge";
  switch (storage.type) {
    case "Ephemeral":
      return desired;
    case "MissingClaim":
      return "Frozen";
    case "Claim":
      return storage.access === "SingleNode" ? "InPlace" : desired;
  }
}

/** Ports of living pods stay open even when the range has moved on. */
function heldPorts(slots: readonly SlotObservation[]): PortRange[] {
  return slots.flatMap(({ pod }) => (pod === undefined ? [] : [pod.ports]));
}
