import { maxReplicasOf } from "../../api/replicas.ts";
import type { Decision } from "../model/decision.ts";
import type { PersistentVolumeClaim } from "../model/objects.ts";
import type { StorageFacts } from "../desired/storage-facts.ts";
import { NOT_CREATED } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";
import { volumeFinding } from "./volume.ts";

type Claim = Extract<StorageFacts, { type: "Claim" }>;

/** Whether the files have a place, and what that place is worth. */
export function storageReady(decision: Decision): ConditionValue {
  const finding = claimFinding(decision);
  return finding.status === "True" ? (volumeFinding(decision) ?? finding) : finding;
}

function claimFinding(decision: Decision): ConditionValue {
  const { storage, observed } = decision;
  switch (storage.type) {
    case "Ephemeral":
      return ephemeral(maxReplicasOf(decision.spec));
    case "MissingClaim":
      return {
        status: "False",
        reason: "ClaimNotFound",
        message:
          `PersistentVolumeClaim ${storage.claimName} does not exist in this namespace. Create it, or use ` +
          "spec.storage.persistentVolumeClaim.template to have one made. Until then no pod is started or replaced.",
        warn: true,
      };
    case "Claim":
      return claim(storage, decision.spec.replicas, observed.children.persistentVolumeClaim);
  }
}

function ephemeral(replicas: number): ConditionValue {
  const apart = replicas > 1 ? " Each replica has files of its own, so clients see different ones." : "";
  return {
    status: "True",
    reason: "EphemeralStorage",
    message:
      `Files are lost when their pod is replaced.${apart} ` +
      "To keep them, set spec.storage.type to PersistentVolumeClaim.",
    warn: true,
  };
}

function claim(
  { claimName: name, access }: Claim,
  replicas: number,
  seen: PersistentVolumeClaim | undefined,
): ConditionValue {
  if (seen === undefined) return NOT_CREATED;
  switch (seen.status?.phase) {
    case "Bound":
      return access === "Shared" ? bound(name) : boundToOneNode(name, replicas);
    case "Lost":
      return {
        status: "False",
        reason: "ClaimLost",
        message: `PersistentVolumeClaim ${name} lost its volume. Restore the volume, or name another claim.`,
        warn: true,
      };
    case undefined:
    default:
      return {
        status: "False",
        reason: "ClaimPending",
        message:
          `PersistentVolumeClaim ${name} is not bound yet. If this lasts, see \`kubectl describe pvc ${name}\`: ` +
          "the cluster needs a volume or a storage class that fits it.",
      };
  }
}

function bound(name: string): ConditionValue {
  return { status: "True", reason: "ClaimBound", message: `PersistentVolumeClaim ${name} is bound.` };
}

function boundToOneNode(name: string, replicas: number): ConditionValue {
  const crowded =
    replicas > 1 ? ` Of ${replicas} replicas only those on that node can start: set spec.replicas to 1.` : "";
  return {
    status: "True",
    reason: "ClaimBoundToOneNode",
    message:
      `PersistentVolumeClaim ${name} is bound. One node at a time can mount it, so a rollout ends the old pod ` +
      `before it starts the new one; access mode ReadWriteMany would avoid that.${crowded}`,
    warn: replicas > 1,
  };
}
