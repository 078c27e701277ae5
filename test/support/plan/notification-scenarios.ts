/** Scenarios that together produce every reason for the condition NotificationsDelivered. */
import { type NotificationReport, SINK_FAILURES } from "../../../src/api/notification-report.ts";
import type { Observed } from "../../../src/plan/model/observed.ts";
import type { Cluster, SpecPatch } from "./cluster.ts";

type Settled = (spec: SpecPatch, change?: (cluster: Cluster) => Partial<Observed> | void) => void;

const NAMES = ["pipeline", "audit"] as const;

export const withNotifications: SpecPatch = {
  notifications: NAMES.map((name) => ({
    name,
    events: ["FileUploaded"],
    paths: [],
    users: [],
    sink: {
      type: "HTTP",
      http: { url: `https://example.com/${name}?token=hidden`, mode: "Structured", headersFrom: [] },
    },
  })),
};

/** Returns engine reports in which the first sink has the given state and the second sink works. */
export function sinkReports(cluster: Cluster, first: Partial<NotificationReport>): Partial<Observed> {
  const working = { state: "Delivering" as const, queued: 0, oldestSeconds: 0 };
  const [one, other] = NAMES;
  const storage = { state: "Writable" as const, path: "/srv/ftp", uid: 1, gid: 1, groups: [] };
  const notifications = [
    { name: one, ...working, ...first },
    { name: other, ...working },
  ];
  const report = { version: "1.0.0", ready: true, storage, notifications };
  return {
    reports: new Map(
      cluster.all("Pod").map(({ metadata: { uid = "" } }) => [uid, { type: "Known", report }]),
    ),
  };
}

export function notificationScenarios(settled: Settled): void {
  settled({});
  settled(withNotifications);
  settled(withNotifications, (cluster) => sinkReports(cluster, {}));
  const storage: SpecPatch["storage"] = {
    type: "PersistentVolumeClaim",
    persistentVolumeClaim: {
      create: { accessModes: ["ReadWriteMany"], size: "1Gi" },
      whenDeleted: "Retain",
    },
  };
  settled({ ...withNotifications, storage }, (cluster) => sinkReports(cluster, {}));
  for (const reason of SINK_FAILURES)
    settled(withNotifications, (cluster) => sinkReports(cluster, { state: "Failing", reason }));
}
