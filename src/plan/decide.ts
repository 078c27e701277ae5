import type { PortRange } from "../api/engine-config.ts";
import type { FtpServerSpec } from "../api/ftpserver.generated.ts";
import { childNames } from "../api/names.ts";
import { maxReplicasOf } from "../api/spec.ts";
import type {
  Decision,
  NetworkDecision,
  ObservedSlot,
  RolloutStrategy,
  StorageDecision,
} from "./model/decision.ts";
import type { Observed } from "./model/observed.ts";
import { mergeRanges } from "./model/port-ranges.ts";
import { decideAddresses } from "./network/announced-address.ts";
import { decideLoadBalancer } from "./network/load-balancer.ts";
import { currentTrafficPolicy, snatSources } from "./network/traffic-policy.ts";
import { assignSlots, partitionRange } from "./slots/assignment.ts";
import { observeSlots } from "./slots/observe-slots.ts";

const SINGLE_NODE_MODES: ReadonlySet<string> = new Set(["ReadWriteOnce", "ReadWriteOncePod"]);

/** Returns all decisions that determine the child objects of a valid FtpServer. */
export function decide(observed: Observed): Decision {
  const { server } = observed;
  const { spec } = server;
  const storage = decideStorage(observed);
  const observedSlots = observeSlots(observed.children);
  const replacement = decideReplacement(spec, storage);
  const sliceCount = maxReplicasOf(spec) + (replacement === "InPlace" ? 0 : 1);
  return {
    observed,
    server,
    spec,
    storage,
    strategy: spec.maintenance.mode === "Enabled" ? "Frozen" : replacement,
    observedSlots,
    slices: assignSlots(partitionRange(spec.passive.portRange, sliceCount), observedSlots),
    network: decideNetwork(observed, observedSlots),
  };
}

function decideStorage({ server, children }: Observed): StorageDecision {
  const { type, persistentVolumeClaim: claim } = server.spec.storage;
  if (type === "Ephemeral" || claim === undefined) return { type: "Ephemeral" };
  const observed = children.persistentVolumeClaim;
  const claimName = claim.claimName ?? childNames.persistentVolumeClaim(server.metadata.name);
  if (claim.claimName !== undefined && observed === undefined) return { type: "MissingClaim", claimName };
  const modes = observed?.spec.accessModes ?? claim.create?.accessModes ?? ["ReadWriteOnce"];
  const access = modes.every((mode) => SINGLE_NODE_MODES.has(mode)) ? "SingleNode" : "Shared";
  return { type: "Claim", claimName, access };
}

/**
 * InPlace is required when two pods cannot use a resource at the same time: a host port, or a volume that only one node
 * can mount.
 */
function decideReplacement({ rollout, exposure }: FtpServerSpec, storage: StorageDecision): RolloutStrategy {
  if (storage.type === "MissingClaim") return "Frozen";
  const isSingleNode = storage.type === "Claim" && storage.access === "SingleNode";
  return isSingleNode || rollout.type === "Recreate" || exposure.type === "HostPort" ? "InPlace" : "Surge";
}

function decideNetwork(observed: Observed, slots: readonly ObservedSlot[]): NetworkDecision {
  const { spec } = observed.server;
  const trafficPolicy = currentTrafficPolicy(spec, observed.children);
  const publishedPorts = mergeRanges([spec.passive.portRange, ...podPorts(slots)]);
  return {
    trafficPolicy,
    snatSources: snatSources(spec, trafficPolicy, observed),
    publishedPorts,
    ...decideAddresses(spec, observed),
    loadBalancer: decideLoadBalancer(spec, observed, { trafficPolicy, publishedPorts }),
  };
}

/** Returns the ports of existing pods. The Service keeps these ports after a change to the passive port range. */
function podPorts(slots: readonly ObservedSlot[]): PortRange[] {
  return slots.flatMap(({ pod }) => (pod === undefined ? [] : [pod.ports]));
}
