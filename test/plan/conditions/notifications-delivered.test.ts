import assert from "node:assert/strict";
import { test } from "node:test";
import type { Condition } from "../../../src/api/kubernetes.ts";
import type { NotificationReport } from "../../../src/api/notification-report.ts";
import { plan } from "../../../src/plan/plan.ts";
import { Cluster, serverOf } from "../../support/plan/cluster.ts";
import { sinkReports, withNotifications } from "../../support/plan/notification-scenarios.ts";

function settledCluster(): Cluster {
  const cluster = new Cluster(serverOf(withNotifications));
  cluster.settle();
  return cluster;
}

function conditionOf(first: Partial<NotificationReport>, type = "NotificationsDelivered"): Condition {
  const cluster = settledCluster();
  const { status } = cluster.step(sinkReports(cluster, first));
  return status.conditions?.find((one) => one.type === type) ?? assert.fail();
}

test("the condition has the notification, the URL without its query, the status code and a remedy", () => {
  const { status, reason, message } = conditionOf({ state: "Failing", reason: "NotFound", status: 404 });
  assert.deepEqual([status, reason], ["False", "SinkNotFound"]);
  assert.equal(
    message,
    "Notification `pipeline` cannot be delivered to `https://example.com/pipeline`: " +
      "the sink has no receiver at this path (HTTP status 404). Correct the path in the URL.",
  );
});

test("a failing sink does not make the FtpServer unready", () => {
  assert.equal(conditionOf({ state: "Failing", reason: "ServerError", status: 500 }, "Ready").status, "True");
});

test("a failing sink causes one Warning event, and its recovery one Normal event", () => {
  const cluster = settledCluster();
  const eventsOf = (first: Partial<NotificationReport>): string[] =>
    cluster.step(sinkReports(cluster, first)).events.map(({ type, reason }) => `${type} ${reason}`);
  const failure = { state: "Failing", reason: "ServerError", status: 500 } as const;
  assert.deepEqual(eventsOf(failure), ["Warning SinkFailed"]);
  assert.deepEqual(eventsOf(failure), []);
  assert.deepEqual(eventsOf({}), ["Normal EventsNotPersistent"]);
});

test("the status does not change with the number of queued events", () => {
  const [few, many] = [1, 1000].map((queued) => conditionOf({ queued, oldestSeconds: queued }).message);
  assert.equal(few, many);
});

test("the condition does not change while no engine reports a state, and no events are created", () => {
  for (const first of [{ state: "Failing", reason: "TlsFailed" }, {}] as const) {
    const cluster = settledCluster();
    cluster.step(sinkReports(cluster, first));
    const before = cluster.server.status?.conditions?.find(({ type }) => type === "NotificationsDelivered");
    const uids = cluster.all("Pod").map(({ metadata: { uid = "" } }) => uid);
    const states = [
      // The operator has just started.
      new Map(),
      new Map(uids.map((uid) => [uid, { type: "Pending" as const }])),
    ];
    for (const reports of states) {
      const { status, events } = cluster.step({ reports });
      const condition = status.conditions?.find(({ type }) => type === "NotificationsDelivered");
      assert.deepEqual([condition?.reason, condition?.message], [before?.reason, before?.message]);
      assert.deepEqual(events, []);
    }
  }
});

test("the condition is unknown after a change of the spec until the first report", () => {
  const cluster = settledCluster();
  cluster.step(sinkReports(cluster, { state: "Failing", reason: "TlsFailed" }));
  cluster.server.metadata.generation = (cluster.server.metadata.generation ?? 0) + 1;
  const { status } = cluster.step({ reports: new Map() });
  const condition = status.conditions?.find(({ type }) => type === "NotificationsDelivered");
  assert.equal(condition?.reason, "ReportPending");
});

test("the condition is unknown when no engine can be read", () => {
  const cluster = settledCluster();
  cluster.step(sinkReports(cluster, { state: "Failing", reason: "TlsFailed" }));
  const unknown = cluster
    .all("Pod")
    .map(({ metadata: { uid = "" } }) => [uid, { type: "Unknown" as const }] as const);
  const { status } = cluster.step({ reports: new Map(unknown) });
  const condition = status.conditions?.find(({ type }) => type === "NotificationsDelivered");
  assert.equal(condition?.reason, "ReportPending");
});

test("the operator reads the state of sinks every 10 seconds", () => {
  const cluster = settledCluster();
  assert.equal(plan(cluster.observe()).reports?.periodSeconds, 10);
  const other = new Cluster(serverOf({}));
  assert.equal(plan(other.observe()).reports?.periodSeconds, 600);
});
