import type { NotificationReport } from "../../api/notification-report.ts";
import { DEAD_LETTER_REASONS, type NotificationObserver } from "../notifications/notification-observer.ts";
import type { Builders } from "./builders.ts";

/** Metrics whose values the engine reads when Prometheus scrapes the engine. */
export interface NotificationReader {
  /** Sets the data source for the metrics of queued events. */
  readNotifications(reports: () => readonly NotificationReport[] | undefined): void;
}

type Reports = () => readonly NotificationReport[] | undefined;

const NO_REPORTS: Reports = () => undefined;

export function notificationMetrics({ counter, gauge }: Builders): NotificationObserver & NotificationReader {
  const source = { reports: NO_REPORTS };
  const delivered = counter("ftp_notifications_delivered_total", "Number of delivered events.", [
    "notification",
  ]);
  const retried = counter(
    "ftp_notification_retries_total",
    "Number of failed requests to sinks that the engine retries.",
    ["notification"],
  );
  const discarded = counter(
    "ftp_notification_dead_letters_total",
    "Number of events that were discarded without delivery, by reason.",
    ["notification", "reason"],
  );
  const threadFailures = counter(
    "ftp_notification_thread_failures_total",
    "Number of unexpected ends of the thread that sends events. The engine starts another thread.",
  );
  gauge("ftp_notification_queue_events", "Number of undelivered events.", ["notification"], function () {
    this.reset();
    for (const { name: notification, queued } of source.reports() ?? []) this.set({ notification }, queued);
  });
  gauge(
    "ftp_notification_oldest_event_age_seconds",
    "Age of the oldest undelivered event in seconds, 0 without undelivered events.",
    ["notification"],
    function () {
      this.reset();
      for (const { name: notification, oldestSeconds } of source.reports() ?? [])
        this.set({ notification }, oldestSeconds);
    },
  );
  return {
    readNotifications: (reports) => void (source.reports = reports),
    notificationAdded(notification): void {
      delivered.inc({ notification }, 0);
      retried.inc({ notification }, 0);
      for (const reason of DEAD_LETTER_REASONS) discarded.inc({ notification, reason }, 0);
    },
    delivered: (notification) => delivered.inc({ notification }),
    retried: (notification) => retried.inc({ notification }),
    discarded: (notification, reason, count) => discarded.inc({ notification, reason }, count),
    threadFailed: () => threadFailures.inc(),
  };
}
