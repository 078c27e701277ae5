import type { Reasons } from "./reason.ts";

/** Reasons for the condition NotificationsDelivered. */
export const NOTIFICATION_REASONS = {
  NotificationsDelivered: {
    NoNotifications: {
      status: "True",
      meaning: "`spec.notifications` is empty.",
    },
    Delivering: {
      status: "True",
      meaning: "No engine reports a sink failure.",
    },
    EventsNotPersistent: {
      status: "True",
      meaning:
        "No engine reports a sink failure. Undelivered events are lost when their pod is deleted, because the storage of the FtpServer is ephemeral.",
      remedy:
        "To keep undelivered events, set `spec.storage.type` to `PersistentVolumeClaim` or `ObjectStorage`.",
    },
    ReportPending: {
      status: "Unknown",
      meaning: "No engine has reported the state of its sinks yet.",
      remedy: "If the condition does not change within a minute, check the pods and the operator log.",
    },
    OutboxUnavailable: {
      status: "False",
      meaning: "An engine cannot store events, so events are lost.",
      remedy:
        "Check that the volume is writable and has free space, or that the bucket is available and its credentials permit writes.",
    },
    SinkNameNotResolved: {
      status: "False",
      meaning: "The host name of a sink cannot be resolved.",
      remedy: "Correct the host in `spec.notifications[].sink.http.url`, or check the DNS server.",
    },
    SinkAddressDenied: {
      status: "False",
      meaning: "The host of a sink has a loopback, link-local, private or other non-public address.",
      remedy:
        "Use a public address. To permit internal sinks for all FtpServers, an administrator can run the operator with `--allow-internal-sinks`.",
    },
    SinkUnreachable: {
      status: "False",
      meaning:
        "An engine cannot connect to a sink, or the sink does not respond in time (including HTTP status 408).",
      remedy: "Check that the sink is running. Check the port in its URL and `spec.networkPolicy.egress`.",
    },
    SinkNotTrusted: {
      status: "False",
      meaning:
        "The TLS handshake with a sink fails, for example because its certificate authority is unknown or its certificate has expired.",
      remedy: "Check the certificate of the sink and `spec.notifications[].sink.http.caRef`.",
    },
    SinkSecretInvalid: {
      status: "False",
      meaning:
        "A Secret or ConfigMap that a sink references is missing, or a referenced value is empty or invalid.",
      remedy: "Create or correct the object that the notification references.",
    },
    SinkUnauthorized: {
      status: "False",
      meaning: "A sink rejects the credentials of the engine (HTTP status 401, 403 or 407).",
      remedy:
        "Correct the Secrets that `spec.notifications[].sink.http.headersFrom` and `spec.notifications[].sink.http.hmacSecretRef` reference.",
    },
    SinkNotFound: {
      status: "False",
      meaning: "A sink has no receiver at the path of its URL (HTTP status 404).",
      remedy: "Correct the path in `spec.notifications[].sink.http.url`.",
    },
    SinkRedirects: {
      status: "False",
      meaning: "A sink redirects requests. The engine does not follow redirects.",
      remedy: "Set `spec.notifications[].sink.http.url` to the target of the redirect.",
    },
    SinkOverloaded: {
      status: "False",
      meaning: "A sink limits the rate of requests (HTTP status 425 or 429). Events are delivered later.",
      remedy:
        "Increase the rate limit of the sink, or restrict `spec.notifications[].events`, `spec.notifications[].paths` or `spec.notifications[].users`.",
    },
    SinkFailed: {
      status: "False",
      meaning: "A sink responds with a server error (HTTP status 5xx).",
      remedy: "Check the log of the sink.",
    },
  },
} as const satisfies Readonly<Record<string, Reasons>>;
