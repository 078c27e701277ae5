import { maxReplicasOf } from "../../api/spec.ts";
import type { FtpServerSpec } from "../../api/ftpserver.generated.ts";
import type { AdditionalStorage, PlannedState, StorageDecision } from "../model/decision.ts";
import type { PersistentVolumeClaim } from "../model/objects.ts";
import type { Observed } from "../model/observed.ts";
import { conditionValue, NOT_CREATED } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";
import { storageFault, uncheckedBucket } from "./storage-fault.ts";

type Claim = Extract<StorageDecision, { type: "Claim" }>;
type Bucket = Extract<StorageDecision, { type: "ObjectStorage" }>;

/** Returns the condition StorageReady: whether all storage exists and the engines can use all storage. */
export function storageReady(state: PlannedState): ConditionValue {
  const value = claimValue(state);
  return value.status === "True" ? (storageFault(state) ?? uncheckedBucket(state) ?? value) : value;
}

/**
 * Returns the condition value for the first volume or bucket that is not ready. If all are ready, returns the first
 * warning about additional storage. Without a warning, returns the condition value for `spec.storage`.
 */
function claimValue({ storage, additionalStorage, spec, observed }: PlannedState): ConditionValue {
  const value = valueOf(storage, spec, observed.children.persistentVolumeClaim);
  if (value.status !== "True") return value;
  const others = additionalStorage.map((one) => additionalValue(one, spec, observed));
  return others.find(({ status }) => status !== "True") ?? others.find(({ warn }) => warn) ?? value;
}

function additionalValue(
  { storage, name }: AdditionalStorage,
  spec: FtpServerSpec,
  { additionalClaims }: Observed,
): ConditionValue {
  if (storage.type === "MissingClaim")
    return claimNotFound(storage.claimName, `change \`spec.additionalStorage\` (name \`${name}\`)`);
  return valueOf(
    storage,
    spec,
    storage.type === "Claim" ? additionalClaims.get(storage.claimName) : undefined,
  );
}

/** @param observed observed PersistentVolumeClaim of the storage */
function valueOf(
  storage: StorageDecision,
  spec: FtpServerSpec,
  observed: PersistentVolumeClaim | undefined,
): ConditionValue {
  switch (storage.type) {
    case "Ephemeral":
      return ephemeral(maxReplicasOf(spec));
    case "MissingClaim":
      return claimNotFound(
        storage.claimName,
        "replace `spec.storage.persistentVolumeClaim.claimName` with `spec.storage.persistentVolumeClaim.create`",
      );
    case "ObjectStorage":
      return objectStorage(storage, spec.replicas);
    case "Claim":
      return claim(storage, spec.replicas, observed);
  }
}

function claimNotFound(claimName: string, alternative: string): ConditionValue {
  return conditionValue(
    "StorageReady",
    "ClaimNotFound",
    `PersistentVolumeClaim \`${claimName}\` not found. No pod is started or replaced. Create the claim, or ${alternative}.`,
    { warn: true },
  );
}

function objectStorage({ storage: { bucket }, failure }: Bucket, replicas: number): ConditionValue {
  if (failure === undefined && replicas === 0)
    return conditionValue(
      "StorageReady",
      "BucketUnused",
      `\`spec.replicas\` is 0, so no engine checks bucket \`${bucket}\`.`,
    );
  if (failure === undefined)
    return conditionValue("StorageReady", "BucketReady", `Files are stored in bucket \`${bucket}\`.`);
  const { reason, message } = failure;
  return conditionValue(
    "StorageReady",
    reason,
    `${message} No pod is started or replaced while the bucket configuration is invalid.`,
    {
      warn: true,
    },
  );
}

function ephemeral(replicas: number): ConditionValue {
  const separate =
    replicas > 1
      ? " Each replica has separate files, so clients connected to different replicas see different files."
      : "";
  const message =
    `Files are lost when their pod is replaced.${separate} ` +
    "To keep files, set `spec.storage.type` to `PersistentVolumeClaim` or `ObjectStorage`.";
  return conditionValue("StorageReady", "EphemeralStorage", message, { warn: true });
}

function claim(
  { claimName: name, access }: Claim,
  replicas: number,
  observed: PersistentVolumeClaim | undefined,
): ConditionValue {
  switch (observed === undefined ? "NotCreated" : observed.status?.phase) {
    case "NotCreated":
      return NOT_CREATED;
    case "Bound":
      return access === "Shared"
        ? conditionValue("StorageReady", "ClaimBound", `PersistentVolumeClaim \`${name}\` is bound.`)
        : boundToOneNode(name, replicas);
    case "Lost":
      return conditionValue(
        "StorageReady",
        "ClaimLost",
        `PersistentVolumeClaim \`${name}\` has lost its volume. Restore the volume, or use another PersistentVolumeClaim.`,
        { warn: true },
      );
    case undefined:
    default:
      return conditionValue(
        "StorageReady",
        "ClaimPending",
        `PersistentVolumeClaim \`${name}\` is not bound to a volume. If the claim is still pending after a minute, run \`kubectl describe pvc ${name}\`. ` +
          "The claim requires a volume or a StorageClass.",
      );
  }
}

function boundToOneNode(name: string, replicas: number): ConditionValue {
  const limit =
    replicas > 1
      ? ` Of the ${replicas} replicas, only the replicas on that node can start. Set \`spec.replicas\` to 1.`
      : "";
  const message =
    `PersistentVolumeClaim \`${name}\` is bound but can be mounted by only one node. ` +
    `A rollout stops the old pod before it starts the new pod. The access mode \`ReadWriteMany\` avoids interruptions during rollouts.${limit}`;
  return conditionValue("StorageReady", "ClaimBoundToOneNode", message, { warn: replicas > 1 });
}
