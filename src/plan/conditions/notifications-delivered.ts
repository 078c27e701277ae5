import type { NotificationReport, SinkFailure } from "../../api/notification-report.ts";
import { keepsUndeliveredEvents } from "../desired/notifications.ts";
import type { PlannedState } from "../model/decision.ts";
import { isTerminating } from "../model/objects.ts";
import { conditionValue } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";
import type { ReasonOf } from "./reasons.ts";

type Reason = ReasonOf<"NotificationsDelivered">;

/** Returns the condition NotificationsDelivered, which shows whether the sinks accept events. */
export function notificationsDelivered(state: PlannedState): ConditionValue {
  const { spec, observed } = state;
  if (spec.notifications.length === 0)
    return conditionValue("NotificationsDelivered", "NoNotifications", "`spec.notifications` is empty.");
  const reports = reportsOf(state);
  const failing = spec.notifications.flatMap(({ name }) => {
    const report = reports.find((one) => one.name === name && one.state === "Failing");
    return report?.reason === undefined ? [] : [failure(state, report, report.reason)];
  });
  const [first] = failing;
  if (first !== undefined)
    return conditionValue(
      "NotificationsDelivered",
      first.reason,
      failing.map(({ message }) => message).join(" "),
      {
        warn: true,
      },
    );
  if (spec.notifications.some(({ name }) => !reports.some((one) => one.name === name)))
    return pending(observed);
  if (keepsUndeliveredEvents(state))
    return conditionValue("NotificationsDelivered", "Delivering", "No engine reports a sink failure.");
  return conditionValue(
    "NotificationsDelivered",
    "EventsNotPersistent",
    "No engine reports a sink failure. Undelivered events are lost when their pod is deleted. " +
      "To keep undelivered events, set `spec.storage.type` to `PersistentVolumeClaim` or `ObjectStorage`.",
  );
}

function reportsOf({ observed: { children, reports } }: PlannedState): NotificationReport[] {
  return children.pods
    .filter((pod) => !isTerminating(pod))
    .flatMap(({ metadata: { uid = "" } }) => {
      const outcome = reports?.get(uid);
      return outcome?.type === "Known" ? (outcome.report.notifications ?? []) : [];
    });
}

interface Failure {
  reason: Reason;
  /** Cause of the failure, used as the end of a sentence. */
  cause: string;
  remedy: string;
}

const UNREACHABLE: Pick<Failure, "reason" | "remedy"> = {
  reason: "SinkUnreachable",
  remedy:
    "Check that the sink is running and that its URL contains the correct port. If the sink is behind a Service, permit the port of its pods with `spec.networkPolicy.egress`.",
};
const UNAUTHORIZED: Pick<Failure, "reason" | "remedy"> = {
  reason: "SinkUnauthorized",
  remedy: "Correct the Secrets in `headersFrom` and `hmacSecretRef`.",
};

const FAILURES: Readonly<Record<SinkFailure, Failure>> = {
  NameNotResolved: {
    reason: "SinkNameNotResolved",
    cause: "the host name of the sink cannot be resolved",
    remedy: "Correct the host in the URL, or check the DNS server.",
  },
  AddressDenied: {
    reason: "SinkAddressDenied",
    cause: "the host of the sink has no public address",
    remedy:
      "Use a public address, or ask an administrator to run the operator with `--allow-internal-sinks`.",
  },
  ConnectionRefused: { ...UNREACHABLE, cause: "the sink rejects the connection" },
  ConnectionFailed: { ...UNREACHABLE, cause: "the connection fails" },
  TimedOut: { ...UNREACHABLE, cause: "the sink does not respond in time" },
  TlsFailed: {
    reason: "SinkNotTrusted",
    cause: "the TLS handshake fails",
    remedy: "Check the certificate of the sink, or set `spec.notifications[].sink.http.caRef`.",
  },
  SecretInvalid: {
    reason: "SinkSecretInvalid",
    cause: "a referenced Secret or ConfigMap is missing, or its value is empty or invalid",
    remedy: "Create or correct the objects that `spec.notifications[].sink.http` references.",
  },
  Unauthorized: { ...UNAUTHORIZED, cause: "the sink rejects the credentials" },
  Forbidden: { ...UNAUTHORIZED, cause: "the sink denies access" },
  NotFound: {
    reason: "SinkNotFound",
    cause: "the sink has no receiver at this path",
    remedy: "Correct the path in the URL.",
  },
  Redirected: {
    reason: "SinkRedirects",
    cause: "the sink redirects requests",
    remedy: "Set the URL to the target of the redirect.",
  },
  Throttled: {
    reason: "SinkOverloaded",
    cause: "the sink limits the rate of requests",
    remedy:
      "Increase the rate limit of the sink, or restrict `spec.notifications[].events`, `spec.notifications[].paths` or `spec.notifications[].users`.",
  },
  ServerError: {
    reason: "SinkFailed",
    cause: "the sink responds with a server error",
    remedy: "Check the log of the sink.",
  },
  OutboxUnavailable: {
    reason: "OutboxUnavailable",
    cause: "the engine cannot store events, so events are lost",
    remedy:
      "Check that the volume is writable and has free space, or that the bucket is available and its credentials permit writes.",
  },
};

function failure(
  { spec }: PlannedState,
  { name, status }: NotificationReport,
  failed: SinkFailure,
): { reason: Reason; message: string } {
  const { reason, cause, remedy } = FAILURES[failed];
  const url = spec.notifications.find((one) => one.name === name)?.sink.http?.url ?? "";
  const code = status === undefined ? "" : ` (HTTP status ${status})`;
  return {
    reason,
    message: `Notification \`${name}\` cannot be delivered to \`${withoutQuery(url)}\`: ${cause}${code}. ${remedy}`,
  };
}

/** Reasons that the state of the sinks determines. */
const KNOWN_STATES: readonly Reason[] = [
  "Delivering",
  "EventsNotPersistent",
  ...Object.values(FAILURES).map(({ reason }) => reason),
];

/**
 * Returns the condition value while no engine report contains the state of a sink. After a restart of the operator or of
 * an engine, the condition does not change until the first report, unless the spec has changed or no engine can be read.
 */
function pending({ server, children: { pods }, reports }: PlannedState["observed"]): ConditionValue {
  const before = server.status?.conditions?.find(({ type }) => type === "NotificationsDelivered");
  const known = KNOWN_STATES.find((reason) => reason === before?.reason);
  const canReport = pods.some(({ metadata: { uid = "" } }) => reports?.get(uid)?.type !== "Unknown");
  const isCurrent = before?.observedGeneration === server.metadata.generation && canReport;
  if (before !== undefined && known !== undefined && isCurrent)
    return conditionValue("NotificationsDelivered", known, before.message, {
      warn: before.status === "False",
    });
  return conditionValue(
    "NotificationsDelivered",
    "ReportPending",
    "No engine has reported the state of its sinks yet.",
  );
}

/** Returns a URL without its query, because a query can contain a token. */
function withoutQuery(url: string): string {
  return url.replace(/\?.*$/u, "");
}
