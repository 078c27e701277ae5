import type { KubeObject } from "../../api/kubernetes.ts";
import { listText } from "../../common/text.ts";
import type { PlannedState } from "../model/decision.ts";
import type { Failure, ProbeRequest, Rejection } from "../model/observed.ts";
import { addressAssigned, dataConnectionsAttributed } from "./addresses.ts";
import { conditionValue, PART_CONDITIONS } from "./condition.ts";
import type { ConditionValue, ConditionValues, PartValues, SummaryValues } from "./condition.ts";
import { notificationsDelivered } from "./notifications-delivered.ts";
import { passivePortsPublished } from "./passive-ports-published.ts";
import { passiveReachable, probeRequest } from "./passive-reachable.ts";
import { available, progressing } from "./replicas.ts";
import { storageReady } from "./storage-ready.ts";
import { tlsReady } from "./tls-ready.ts";
import { usersReady } from "./users-ready.ts";

/** Cause of a stalled reconciliation. Reconciliation continues only after a user changes the spec or another object. */
export type Blocker = Failure<"ChangeRejected" | "InvalidSpec" | "NameTaken">;

/** Returns the values of all conditions, and the reachability check that PassiveReachable requires. */
export function evaluateConditions(
  state: PlannedState,
  blocker: Blocker | undefined,
): { values: ConditionValues; probe: ProbeRequest } {
  const published = passivePortsPublished(state);
  const probe = probeRequest(state, published.status === "True");
  const reachable = passiveReachable(state, probe);
  const parts: PartValues = {
    Progressing: progressing(state),
    StorageReady: storageReady(state),
    UsersReady: usersReady(state),
    TLSReady: tlsReady(state),
    Available: available(state),
    PassivePortsPublished: published,
    AddressAssigned: addressAssigned(state),
    NotificationsDelivered: notificationsDelivered(state),
    DataConnectionsAttributed: dataConnectionsAttributed(state),
    ...(reachable && { PassiveReachable: reachable }),
  };
  return { values: summarize(parts, blocker), probe };
}

/**
 * Adds the summary conditions Ready, Reconciling and Stalled, which kstatus reads. Ready is True when the FtpServer
 * serves clients and matches its spec. Reconciling is True while a change is in progress. Stalled is True while a
 * change is blocked. At least one of the three conditions is always True or Unknown.
 */
export function summarize(parts: PartValues, blocker: Blocker | undefined): ConditionValues {
  if (blocker !== undefined) return { ...parts, ...stalledSummary(blocker) };
  const ready = summarizeReady(parts);
  const progressing = parts.Progressing.status === "True" ? parts.Progressing : undefined;
  const waiting = ready.status === "True" ? undefined : ready;
  return {
    ...parts,
    Ready: ready,
    Reconciling: reconciling(progressing ?? waiting),
    Stalled: conditionValue("Stalled", "NotStalled", "Reconciliation is not blocked."),
  };
}

/** Returns the summary of a stalled FtpServer. */
export function stalledSummary({ reason, message }: Blocker): SummaryValues {
  return {
    Ready: { status: "False", reason, message },
    Reconciling: {
      status: "False",
      reason,
      message: "Reconciliation is stalled. The condition `Stalled` contains the cause.",
    },
    Stalled: conditionValue("Stalled", reason, message, { warn: true }),
  };
}

/** Returns the blocker for objects that have the name of a child but a different owner. */
export function nameConflict(objects: readonly KubeObject[]): Blocker | undefined {
  if (objects.length === 0) return undefined;
  const names = listText(objects.map(({ kind, metadata }) => `${kind} \`${metadata.name}\``));
  const message =
    objects.length === 1
      ? `The operator cannot create ${names}, because an object with this name exists and has a different owner. ` +
        "Delete the conflicting object, or create the FtpServer under another name."
      : `The operator cannot create ${names}, because objects with these names exist and have different owners. ` +
        "Delete the conflicting objects, or create the FtpServer under another name.";
  return { reason: "NameTaken", message };
}

/** Returns the blocker for rejected changes. A rejected annotation on a pod does not block reconciliation. */
export function rejectedChange(rejections: readonly Rejection[] = []): Blocker | undefined {
  const first = rejections.find(({ verb }) => verb !== "annotate");
  if (first === undefined) return undefined;
  const { kind, name } = first.ref;
  const what = first.verb === "delete" ? `the deletion of ${kind} \`${name}\`` : `${kind} \`${name}\``;
  return {
    reason: "ChangeRejected",
    message: `The API server rejected ${what}: ${sentence(first.message)} The operator retries every 30 seconds.`,
  };
}

function sentence(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}

function summarizeReady(parts: PartValues): ConditionValue {
  const failed = PART_CONDITIONS.map((type) => parts[type]).filter(({ status }) => status === "False");
  const [first] = failed;
  if (first !== undefined) {
    return { status: "False", reason: first.reason, message: failed.map(({ message }) => message).join(" ") };
  }
  const unknown = PART_CONDITIONS.map((type) => parts[type]).find(({ status }) => status === "Unknown");
  if (unknown !== undefined) return unknown;
  const { reason, message } = parts.Available;
  // While replicas are missing, the FtpServer serves clients but does not match its spec.
  if (reason === "SomeReplicasReady") return { status: "True", reason, message };
  return conditionValue("Ready", "Ready", "The FtpServer matches its spec.");
}

function reconciling(cause: ConditionValue | undefined): ConditionValue {
  if (cause === undefined) return conditionValue("Reconciling", "Done", "No change is in progress.");
  return { status: "True", reason: cause.reason, message: cause.message };
}
