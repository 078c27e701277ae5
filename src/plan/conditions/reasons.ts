import { ACCOUNT_REASONS } from "./reasons/accounts.ts";
import { NETWORK_REASONS } from "./reasons/network.ts";
import { NOTIFICATION_REASONS } from "./reasons/notifications.ts";
import { REACHABILITY_REASONS } from "./reasons/reachability.ts";
import type { ReasonEntry, Reasons } from "./reasons/reason.ts";
import { WORKLOAD_REASONS } from "./reasons/workload.ts";

/**
 * All condition reasons of an FtpServer, grouped by condition type. The page `docs/operations/troubleshooting.md`
 * contains tables that are generated from these reasons.
 */
export const SERVER_REASONS = {
  ...WORKLOAD_REASONS,
  ...ACCOUNT_REASONS,
  ...NETWORK_REASONS,
  ...REACHABILITY_REASONS,
  ...NOTIFICATION_REASONS,
} as const satisfies Readonly<Record<string, Reasons>>;

/** Reasons that every FtpServer condition can have. */
export const COMMON_REASONS = {
  NotCreated: {
    status: "Unknown",
    meaning: "The operator is creating the objects on which the condition depends.",
    remedy: "If the condition does not change within a minute, check the operator log.",
  },
} as const satisfies Reasons;

/** Reasons that only events have. */
export const EVENT_REASONS = {
  AddressChanged: {
    meaning: "The first address in `status.addresses` changed. Open sessions are not interrupted.",
  },
  SlotServing: { meaning: "The pod of a slot is ready and accepts new sessions." },
  SlotDraining: {
    meaning:
      "The pod of a slot is draining. The pod accepts no new sessions after `spec.rollout.handOverSeconds`. The pod terminates after its last session, at the latest after another `spec.rollout.drainPeriodSeconds`.",
  },
} as const satisfies Readonly<Record<string, Omit<ReasonEntry, "status">>>;

/** Type of an FtpServer condition. */
export type ConditionType = keyof typeof SERVER_REASONS;
/** Reasons that the FtpServer condition `T` can have. */
export type ReasonOf<T extends ConditionType> =
  | (keyof (typeof SERVER_REASONS)[T] & string)
  | keyof typeof COMMON_REASONS;
/** Reason of any FtpServer condition. */
export type Reason = { [T in ConditionType]: ReasonOf<T> }[ConditionType];
export type EventReason = keyof typeof EVENT_REASONS;
