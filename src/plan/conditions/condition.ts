import type { Condition } from "../../api/kubernetes.ts";
import { shorten } from "../../common/shorten.ts";

/** What a condition says now, before the status before is looked at. */
export interface ConditionValue {
  status: Condition["status"];
  /** CamelCase. */
  reason: string;
  /** For people: what is so, and what to do about it. */
  message: string;
  /** Whether somebody should look: the event about it is a Warning. */
  warn?: boolean;
  /** When it would say something else although nothing but time has passed; milliseconds of Unix time. */
  until?: number | undefined;
}

/** The conditions that say something about a part of the server, in the order of the way from files to clients. */
export const PART_CONDITIONS = [
  "StorageReady",
  "UsersReady",
  "TLSReady",
  "Available",
  "PassivePortsPublished",
  "AddressAssigned",
] as const;

/** Every condition, in the order of the status: the summary (kstatus) first. */
export const CONDITION_TYPES = [
  "Ready",
  "Reconciling",
  "Stalled",
  "Progressing",
  ...PART_CONDITIONS,
  "DataConnectionsAttributed",
  "PassiveReachable",
] as const;

export type ConditionType = (typeof CONDITION_TYPES)[number];
export type PartConditions = Readonly<
  Record<(typeof PART_CONDITIONS)[number] | "Progressing", ConditionValue>
> &
  Readonly<Partial<Record<"DataConnectionsAttributed" | "PassiveReachable", ConditionValue>>>;
export type Findings = PartConditions & Readonly<Record<"Ready" | "Reconciling" | "Stalled", ConditionValue>>;

export const NOT_CREATED: ConditionValue = {
  status: "Unknown",
  reason: "NotCreated",
  message: "The objects that this depends on are being created.",
};

/**
 * The conditions of a status: `lastTransitionTime` moves with `status` only. A type without a finding keeps what it
 * said, and is Unknown when it never said anything.
 */
export function toConditions(
  findings: Partial<Findings>,
  before: readonly Condition[],
  generation: number,
  now: string,
): Condition[] {
  return CONDITION_TYPES.map((type) => {
    const old = before.find((condition) => condition.type === type);
    const finding = findings[type];
    if (finding === undefined && old !== undefined) return old;
    const { status, reason, ...rest } = finding ?? NOT_CREATED;
    const message = conditionMessage(rest.message);
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : now;
    return { type, status, reason, message, observedGeneration: generation, lastTransitionTime };
  });
}

/** What the CRDs let a message hold, in characters; a status with a longer one could not be written at all. */
const MAX_MESSAGE_LENGTH = 32_768;

/** A message as a condition can hold it. */
export function conditionMessage(message: string): string {
  return shorten(message, MAX_MESSAGE_LENGTH);
}
