import type { Condition } from "../../api/kubernetes.ts";
import { shorten } from "../../common/text.ts";
import { COMMON_REASONS, SERVER_REASONS } from "./reasons.ts";
import type { ConditionType, Reason, ReasonOf } from "./reasons.ts";

/** A condition without the fields that depend on the previous status. */
export interface ConditionValue {
  status: Condition["status"];
  reason: Reason;
  /** Description of the fault, a consequence that is not obvious, and the remedy. */
  message: string;
  /** True when the event has the type `Warning`. */
  warn?: boolean;
  /** Time in milliseconds since the epoch at which the value changes even if no object changes. */
  validUntil?: number | undefined;
}

/** Storage report from an engine, with the pod name. */
export interface PodReport<T> {
  pod: string;
  storage: T;
}

/** Returns the value of a condition. The reason determines the status. */
export function conditionValue<T extends ConditionType>(
  type: T,
  reason: ReasonOf<T> & Reason,
  message: string,
  details: Pick<ConditionValue, "warn" | "validUntil"> = {},
): ConditionValue {
  const reasons: Readonly<Record<string, Pick<ConditionValue, "status">>> = {
    ...COMMON_REASONS,
    ...SERVER_REASONS[type],
  };
  return { status: reasons[reason]?.status ?? "Unknown", reason, message, ...details };
}

/** Conditions that Ready summarizes, ordered by dependency. */
export const PART_CONDITIONS = [
  "StorageReady",
  "UsersReady",
  "TLSReady",
  "Available",
  "PassivePortsPublished",
  "AddressAssigned",
] as const;

/** All condition types in the order in which the status contains them. The conditions that kstatus reads are first. */
export const CONDITION_TYPES = [
  "Ready",
  "Reconciling",
  "Stalled",
  "Progressing",
  ...PART_CONDITIONS,
  "DataConnectionsAttributed",
  "PassiveReachable",
  "NotificationsDelivered",
] as const satisfies readonly ConditionType[];

/**
 * Values of all conditions except Ready, Reconciling and Stalled. An absent condition keeps its previous value.
 */
export type PartValues = Readonly<Record<(typeof PART_CONDITIONS)[number] | "Progressing", ConditionValue>> &
  Readonly<
    Partial<
      Record<"DataConnectionsAttributed" | "PassiveReachable" | "NotificationsDelivered", ConditionValue>
    >
  >;
export type SummaryValues = Readonly<Record<"Ready" | "Reconciling" | "Stalled", ConditionValue>>;
export type ConditionValues = PartValues & SummaryValues;

/** Value of a condition while the objects on which the condition depends do not exist. */
export const NOT_CREATED: ConditionValue = {
  status: COMMON_REASONS.NotCreated.status,
  reason: "NotCreated",
  message: "The operator is creating the objects on which this condition depends.",
};

/**
 * Returns the conditions of a status. `lastTransitionTime` changes only when `status` changes. A condition without a
 * new value keeps its previous value. A condition with neither a new nor a previous value is Unknown.
 */
export function toConditions(
  values: Partial<ConditionValues>,
  before: readonly Condition[],
  generation: number,
  now: string,
): Condition[] {
  return CONDITION_TYPES.map((type) => {
    const old = before.find((condition) => condition.type === type);
    const value = values[type];
    if (value === undefined && old !== undefined) return old;
    const { status, reason, message } = value ?? NOT_CREATED;
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : now;
    return {
      type,
      status,
      reason,
      message: conditionMessage(message),
      observedGeneration: generation,
      lastTransitionTime,
    };
  });
}

/**
 * Maximum message length in characters, as defined in the CRDs. The API server rejects a status with a longer message.
 */
const MAX_MESSAGE_LENGTH = 32_768;

/** Shortens a message to the maximum length defined in the CRDs. */
export function conditionMessage(message: string): string {
  return shorten(message, MAX_MESSAGE_LENGTH);
}
