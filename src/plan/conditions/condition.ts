import type { Condition } from "../../api/kubernetes.ts";
import { shorten } from "../../common/text.ts";
import { COMMON_REASONS, SERVER_REASONS } from "./reasons.ts";
import type { ConditionType, Reason, ReasonOf } from "./reasons.ts";

/** A condition without the fields that depend on the previous status. */
export interface ConditionValue {
  status: Condition["status"];
  reason: Reason;
  /** What is wrong, the consequence if it is not obvious, and what to do. */
  message: string;
  /** Whether the event is a Warning. */
  warn?: boolean;
  /** Time at which the value changes without any other change, in milliseconds since the epoch. */
  validUntil?: number | undefined;
}

/** Returns the value of a condition. The status follows from the reason. */
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

/** The conditions that Ready summarizes, in the order of their dependencies. */
export const PART_CONDITIONS = [
  "StorageReady",
  "UsersReady",
  "TLSReady",
  "Available",
  "PassivePortsPublished",
  "AddressAssigned",
] as const;

/** All conditions in the order of the status. The conditions of kstatus are first. */
export const CONDITION_TYPES = [
  "Ready",
  "Reconciling",
  "Stalled",
  "Progressing",
  ...PART_CONDITIONS,
  "DataConnectionsAttributed",
  "PassiveReachable",
] as const satisfies readonly ConditionType[];

/** Absent conditions keep their previous value. */
export type PartValues = Readonly<Record<(typeof PART_CONDITIONS)[number] | "Progressing", ConditionValue>> &
  Readonly<Partial<Record<"DataConnectionsAttributed" | "PassiveReachable", ConditionValue>>>;
export type SummaryValues = Readonly<Record<"Ready" | "Reconciling" | "Stalled", ConditionValue>>;
export type ConditionValues = PartValues & SummaryValues;

/** The value of a condition while objects that it depends on do not exist. */
export const NOT_CREATED: ConditionValue = {
  status: COMMON_REASONS.NotCreated.status,
  reason: "NotCreated",
  message: "The objects that this condition depends on are being created.",
};

/**
 * Returns the conditions of a status. `lastTransitionTime` changes with `status` only. A condition without a value keeps its previous
 * one, or is Unknown.
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

/** Limit of the CRDs in characters. A longer message would make the API server reject the status. */
const MAX_MESSAGE_LENGTH = 32_768;

/** Shortens a message to the limit of the CRDs. */
export function conditionMessage(message: string): string {
  return shorten(message, MAX_MESSAGE_LENGTH);
}
