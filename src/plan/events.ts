import type { FtpServerStatus } from "../api/ftpserver.generated.ts";
import type { Condition } from "../api/kubernetes.ts";
import { shorten } from "../common/text.ts";
import { conditionMessage } from "./conditions/condition.ts";
import type { ConditionValue, ConditionValues } from "./conditions/condition.ts";
import type { ConditionType, EventReason, Reason } from "./conditions/reasons.ts";
import type { SlotState } from "./model/decision.ts";
import { formatRange } from "./model/port-ranges.ts";

export interface PlannedEvent {
  type: "Normal" | "Warning";
  reason: Reason | EventReason;
  message: string;
}

/** Maximum length of an event message in UTF-8 bytes, which the API server enforces. */
const MAX_MESSAGE_BYTES = 1024;

/** Compares two statuses, and returns events for changes to the conditions, the slots and the first address. */
export function planEvents(
  before: FtpServerStatus | undefined,
  after: FtpServerStatus,
  values: Partial<ConditionValues>,
): PlannedEvent[] {
  const events = [
    ...conditionEvents(CAUSES_EVENTS, before?.conditions ?? [], values),
    ...addressEvent(before, after),
    ...slotEvents(before, after),
  ];
  const unique = new Map(events.map((event) => [`${event.reason} ${event.message}`, event]));
  return [...unique.values()].map(({ type, reason, message }) => ({
    type,
    reason,
    message: shorten(message, MAX_MESSAGE_BYTES),
  }));
}

/** Whether changes to a condition cause events, in the order of the events. `Ready` follows the conditions it summarizes. */
const CAUSES_EVENTS: Readonly<Record<ConditionType, boolean>> = {
  Stalled: true,
  StorageReady: true,
  UsersReady: true,
  TLSReady: true,
  Available: true,
  PassivePortsPublished: true,
  AddressAssigned: true,
  DataConnectionsAttributed: true,
  PassiveReachable: true,
  NotificationsDelivered: true,
  Progressing: true,
  Ready: true,
  // This condition repeats the reasons of other conditions.
  Reconciling: false,
};

/** Returns the events of the conditions with the value true in `causesEvents`, in the order of its keys. */
function conditionEvents<T extends ConditionType>(
  causesEvents: Readonly<Record<T, boolean>>,
  before: readonly Condition[],
  values: Partial<ConditionValues>,
): PlannedEvent[] {
  const events: PlannedEvent[] = [];
  for (const type in causesEvents)
    if (causesEvents[type]) events.push(...conditionEvent(type, before, values[type]));
  return events;
}

function conditionEvent(
  type: ConditionType,
  before: readonly Condition[],
  value: ConditionValue | undefined,
): PlannedEvent[] {
  const old = before.find((condition) => condition.type === type);
  if (value === undefined) return [];
  const { status, reason, message, warn = false } = value;
  const changed = old?.status !== status || old.reason !== reason;
  if (warn && (changed || old.message !== conditionMessage(message)))
    return [{ type: "Warning", reason, message }];
  const improved = old !== undefined && old.status !== "True" && status === "True";
  return improved ? [{ type: "Normal", reason, message }] : [];
}

function addressEvent(before: FtpServerStatus | undefined, after: FtpServerStatus): PlannedEvent[] {
  const [old, now] = [before?.addresses?.[0]?.value, after.addresses?.[0]?.value];
  if (old === undefined || now === undefined || old === now) return [];
  const message = `The first address changed from ${old} to ${now}. Open sessions are not interrupted.`;
  return [{ type: "Normal", reason: "AddressChanged", message }];
}

const SLOT_EVENTS: Readonly<Partial<Record<SlotState, [reason: EventReason, predicate: string]>>> = {
  Serving: ["SlotServing", "accepts new sessions"],
  Draining: [
    "SlotDraining",
    "accepts no new sessions after `spec.rollout.handOverSeconds`. " +
      "Its pod terminates after its last session, at the latest after another `spec.rollout.drainPeriodSeconds`",
  ],
};

function slotEvents(before: FtpServerStatus | undefined, after: FtpServerStatus): PlannedEvent[] {
  const old = new Map(before?.slots?.map(({ name, state }) => [name, state]));
  return (after.slots ?? []).flatMap(({ name, state, passivePorts }) => {
    const event = SLOT_EVENTS[state];
    if (event === undefined || old.get(name) === state) return [];
    const [reason, predicate] = event;
    const ports = passivePorts === undefined ? "" : ` with passive ports ${formatRange(passivePorts)}`;
    return [{ type: "Normal" as const, reason, message: `Slot ${name}${ports} ${predicate}.` }];
  });
}
