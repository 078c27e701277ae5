import { fieldsOf } from "../common/json.ts";

/**
 * Reasons why a sink receives no events. `AddressDenied`: the address is not public. `SecretInvalid`: a file from a
 * Secret is missing, is empty or contains characters that a header cannot contain. `OutboxUnavailable`: the engine
 * cannot store events.
 */
export const SINK_FAILURES = [
  "NameNotResolved",
  "AddressDenied",
  "ConnectionRefused",
  "ConnectionFailed",
  "TimedOut",
  "TlsFailed",
  "SecretInvalid",
  "Unauthorized",
  "Forbidden",
  "NotFound",
  "Redirected",
  "Throttled",
  "ServerError",
  "OutboxUnavailable",
] as const;

export type SinkFailure = (typeof SINK_FAILURES)[number];

/**
 * States of a sink. `Idle`: the engine has delivered no event since it started, and the last connection check
 * succeeded.
 */
export const SINK_STATES = ["Idle", "Delivering", "Failing"] as const;

export interface NotificationReport {
  /** Name in `spec.notifications`. */
  name: string;
  state: (typeof SINK_STATES)[number];
  /** Present in the state `Failing`. */
  reason?: SinkFailure;
  /** HTTP status code of the last failed request. */
  status?: number | undefined;
  /** Number of undelivered events. */
  queued: number;
  /** Age of the oldest undelivered event in seconds. */
  oldestSeconds: number;
}

const MAX_SINKS = 16;
const SINK_NAME = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/u;

/** Parses the states of all sinks. Returns undefined for an invalid value. */
export function parseNotifications(value: unknown): NotificationReport[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_SINKS) return undefined;
  const parsed = value.map((one) => parseNotification(fieldsOf(one)));
  return parsed.every((one) => one !== undefined) ? parsed : undefined;
}

function parseNotification(fields: Record<string, unknown>): NotificationReport | undefined {
  const { name, status, queued, oldestSeconds } = fields;
  const state = SINK_STATES.find((one) => one === fields["state"]);
  const reason = SINK_FAILURES.find((one) => one === fields["reason"]);
  if (typeof name !== "string" || !SINK_NAME.test(name) || state === undefined) return undefined;
  if ((state === "Failing") !== (reason !== undefined) || !isCount(queued) || !isCount(oldestSeconds))
    return undefined;
  if (status !== undefined && (!isCount(status) || status > MAX_STATUS)) return undefined;
  return {
    name,
    state,
    ...(reason && { reason }),
    ...(status !== undefined && { status }),
    queued,
    oldestSeconds,
  };
}

const MAX_STATUS = 999;

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
