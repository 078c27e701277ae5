import { ACCOUNT_REASONS } from "./reasons/accounts.ts";
import { NETWORK_REASONS } from "./reasons/network.ts";
import { REACHABILITY_REASONS } from "./reasons/reachability.ts";
import type { ReasonEntry, Reasons } from "./reasons/reason.ts";
import { WORKLOAD_REASONS } from "./reasons/workload.ts";

/** The reasons of every condition of an FtpServer. The tables of docs/operations/troubleshooting.md are generated from them. */
export const SERVER_REASONS = {
  ...WORKLOAD_REASONS,
  ...ACCOUNT_REASONS,
  ...NETWORK_REASONS,
  ...REACHABILITY_REASONS,
} as const satisfies Readonly<Record<string, Reasons>>;

/** A reason of every condition of an FtpServer. */
export const COMMON_REASONS = {
  NotCreated: {
    status: "Unknown",
    meaning: "The objects that the condition depends on are being created.",
    remedy: "If this lasts more than a minute, check the log of the operator.",
  },
} as const satisfies Reasons;

/** The reasons of events that no condition has. */
export const EVENT_REASONS = {
  AddressChanged: {
    meaning: "The first address in `status.addresses` changed. Open sessions are not interrupted.",
  },
  SlotServing: { meaning: "The pod of a slot is ready and accepts new sessions." },
  SlotDraining: {
    meaning: "The pod of a slot accepts no new sessions and terminates after its last session.",
  },
} as const satisfies Readonly<Record<string, Omit<ReasonEntry, "status">>>;

/** A condition of an FtpServer. */
export type ConditionType = keyof typeof SERVER_REASONS;
/** The reasons of a condition of an FtpServer. */
export type ReasonOf<T extends ConditionType> =
  | (keyof (typeof SERVER_REASONS)[T] & string)
  | keyof typeof COMMON_REASONS;
/** A reason of any condition of an FtpServer. */
export type Reason = { [T in ConditionType]: ReasonOf<T> }[ConditionType];
export type EventReason = keyof typeof EVENT_REASONS;
