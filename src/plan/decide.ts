import type { PortRange } from "../api/engine-config.ts";
import type { FtpServerSpec, FtpServerStorageObjectStorage } from "../api/ftpserver.generated.ts";
import { childNames } from "../api/names.ts";
import { maxReplicasOf } from "../api/spec.ts";
import type {
  AdditionalStorage,
  Decision,
  NetworkDecision,
  ObservedSlot,
  RolloutStrategy,
  StorageDecision,
  StorageFailure,
} from "./model/decision.ts";
import type { Observed, ObservedObjectStorage } from "./model/observed.ts";
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
  const additionalStorage = decideAdditionalStorage(observed);
  const observedSlots = observeSlots(observed.children);
  const storages = [storage, ...additionalStorage.map((one) => one.storage)];
  const replacement = decideReplacement(spec, storages);
  const sliceCount = maxReplicasOf(spec) + (replacement === "InPlace" ? 0 : 1);
  return {
    observed,
    server,
    spec,
    storage,
    additionalStorage,
    strategy: spec.maintenance.mode === "Enabled" ? "Frozen" : replacement,
    observedSlots,
    slices: assignSlots(partitionRange(spec.passive.portRange, sliceCount), observedSlots),
    network: decideNetwork(observed, observedSlots),
  };
}

function decideStorage(observed: Observed): StorageDecision {
  const { server, children } = observed;
  const { type, persistentVolumeClaim: claim, objectStorage } = server.spec.storage;
  if (type === "ObjectStorage" && objectStorage !== undefined)
    return decideBucket("", objectStorage, observed);
  if (type === "Ephemeral" || claim === undefined) return { type: "Ephemeral" };
  const existing = children.persistentVolumeClaim;
  const claimName = claim.claimName ?? childNames.persistentVolumeClaim(server.metadata.name);
  if (claim.claimName !== undefined && existing === undefined) return { type: "MissingClaim", claimName };
  return {
    type: "Claim",
    claimName,
    access: accessOf(existing?.spec.accessModes ?? claim.create?.accessModes),
  };
}

function decideAdditionalStorage(observed: Observed): AdditionalStorage[] {
  const { additionalStorage } = observed.server.spec;
  return additionalStorage.flatMap(({ name, objectStorage, persistentVolumeClaim }): AdditionalStorage[] => {
    if (objectStorage !== undefined) return [{ name, storage: decideBucket(name, objectStorage, observed) }];
    if (persistentVolumeClaim === undefined) return [];
    const { claimName, subPath } = persistentVolumeClaim;
    const claim = observed.additionalClaims.get(claimName);
    if (claim === undefined) return [{ name, subPath, storage: { type: "MissingClaim", claimName } }];
    const { accessModes = [] } = claim.spec;
    // Some drivers cannot attach a `ReadOnlyMany` volume for writing.
    const isReadOnly = accessModes.length > 0 && accessModes.every((mode) => mode === "ReadOnlyMany");
    const access = accessOf(claim.spec.accessModes);
    return [
      { name, subPath, storage: { type: "Claim", claimName, access, ...(isReadOnly && { readOnly: true }) } },
    ];
  });
}

function accessOf(modes: readonly string[] = ["ReadWriteOnce"]): "SingleNode" | "Shared" {
  return modes.every((mode) => SINGLE_NODE_MODES.has(mode)) ? "SingleNode" : "Shared";
}

/** @param name name of the additional storage, or an empty string for `spec.storage` */
function decideBucket(
  name: string,
  storage: FtpServerStorageObjectStorage,
  { objectStorage }: Observed,
): Extract<StorageDecision, { type: "ObjectStorage" }> {
  const failure = storageFailure(name, storage, objectStorage.get(name));
  return { type: "ObjectStorage", storage, failure };
}

/** Returns the reason why pods cannot use a Secret or ConfigMap that a bucket references. */
function storageFailure(
  name: string,
  { credentialsSecretRef: secret }: FtpServerStorageObjectStorage,
  { credentials, authorities }: ObservedObjectStorage = {},
): StorageFailure | undefined {
  const field =
    name === "" ? "`spec.storage.objectStorage`" : `\`spec.additionalStorage\` (name \`${name}\`)`;
  if (secret !== undefined && credentials === "Missing")
    return {
      reason: "SecretNotFound",
      message:
        `Secret \`${secret.name}\` not found. Create the Secret with the keys \`accessKeyId\` and \`secretAccessKey\`, ` +
        `or change \`credentialsSecretRef\` in ${field}.`,
    };
  if (authorities === undefined || !("failure" in authorities)) return undefined;
  const { reason, message } = authorities.failure;
  if (reason === "KeyMismatch") return undefined;
  const use =
    name === "" ? "" : ` Storage \`${name}\` in \`spec.additionalStorage\` requires these certificates.`;
  return { reason, message: `${message}${use}` };
}

/**
 * Returns the rollout strategy. `InPlace` is necessary when two pods cannot use a host port at the same time, or when
 * only one node can mount a volume.
 */
function decideReplacement(
  { rollout, exposure }: FtpServerSpec,
  storages: readonly StorageDecision[],
): RolloutStrategy {
  if (storages.some(isMissing)) return "Frozen";
  const isSingleNode = storages.some(
    (storage) => storage.type === "Claim" && storage.access === "SingleNode",
  );
  return isSingleNode || rollout.type === "Recreate" || exposure.type === "HostPort" ? "InPlace" : "Surge";
}

/**
 * Returns whether a missing claim, or a missing or invalid object that a bucket references, prevents pods from
 * starting.
 */
export function isMissing(storage: StorageDecision): boolean {
  return (
    storage.type === "MissingClaim" || (storage.type === "ObjectStorage" && storage.failure !== undefined)
  );
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
