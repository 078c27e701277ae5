import { formatRange } from "./model/port-ranges.ts";
import type { Condition } from "../api/kubernetes.ts";
import { conditionMessage, PART_CONDITIONS } from "./conditions/condition.ts";
import type { ConditionType, ConditionValue } from "./conditions/condition.ts";
import type { FtpServerStatus } from "../api/ftpserver.generated.ts";
import { shorten } from "../common/shorten.ts";
import type { SlotState } from "./slots/rollout.ts";

export interface PlannedEvent {
  type: "Normal" | "Warning";
  /** CamelCase. */
  reason: string;
  message: string;
}

/** Kubernetes refuses longer notes, in bytes of UTF-8. */
const MAX_MESSAGE_BYTES = 1024;

/** What changed from one status to the next, for people who watch: conditions, the address, slots. */
export function planEvents(
  before: FtpServerStatus | undefined,
  after: FtpServerStatus,
  findings: Partial<Record<ConditionType, ConditionValue>>,
): PlannedEvent[] {
  const events = [
    ...EVENT_CONDITIONS.flatMap((type) => conditionEvent(type, before?.conditions ?? [], findings[type])),
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

/** Reconciling only repeats what the others say. */
const EVENT_CONDITIONS: readonly ConditionType[] = [
  "Stalled",
  ...PART_CONDITIONS,
  "DataConnectionsAttributed",
  "PassiveReachable",
  "Progressing",
  "Ready",
];

function conditionEvent(
  type: ConditionType,
  before: readonly Condition[],
  finding: ConditionValue | undefined,
): PlannedEvent[] {
  const old = before.find((condition) => condition.type === type);
  if (finding === undefined) return [];
  const { status, reason, message, warn = false } = finding;
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

const SLOT_EVENTS: Readonly<Partial<Record<SlotState, [reason: string, doing: string]>>> = {
  Serving: ["SlotServing", "serves"],
  Draining: ["SlotDraining", "takes no new sessions and ends when its last one does"],
};

function slotEvents(before: FtpServerStatus | undefined, after: FtpServerStatus): PlannedEvent[] {
  const old = new Map(before?.slots?.map(({ name, state }) => [name, state]));
  return (after.slots ?? []).flatMap(({ name, state, passivePorts }) => {
    const event = SLOT_EVENTS[state];
    if (event === undefined || old.get(name) === state) return [];
    const [reason, doing] = event;
    return [
      {
        type: "Normal" as const,
        reason,
        message: `Slot ${name} (passive ports ${passivePorts === undefined ? "" : formatRange(passivePorts)}) ${doing}.`,
      },
    ];
  });
}
