import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "@prometheus-io/client";
import type { FtpServer } from "../../src/api/ftpserver.generated.ts";
import type { Condition } from "../../src/api/kubernetes.ts";
import type { Change } from "../../src/kube/reflector.ts";
import { ServerMetrics } from "../../src/operator/server-metrics.ts";
import { serverOf } from "../support/plan/cluster.ts";

const NAMESPACE = serverOf().metadata.namespace;

function serverWith(name: string, ...conditions: Pick<Condition, "type" | "status">[]): FtpServer {
  const server = serverOf();
  const complete = conditions.map((condition) => ({
    ...condition,
    reason: "Reason",
    message: "",
    observedGeneration: 1,
    lastTransitionTime: "",
  }));
  return { ...server, metadata: { ...server.metadata, name }, status: { conditions: complete } };
}

test("ServerMetrics exports three series for each exported condition, of which the current status is 1", async () => {
  let report: (change: Change<FtpServer>) => void = () => undefined;
  const metrics = new ServerMetrics(new Registry(), { addEventHandler: (handler) => (report = handler) });
  const seriesOf = async (): Promise<string[]> =>
    (await metrics.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const series = (name: string, condition: string, current: string): string[] =>
    ["true", "false", "unknown"].map((status) => {
      const labels = `namespace="${NAMESPACE}",name="${name}",condition="${condition}",status="${status}"`;
      return `ftp_operator_ftpserver_status_condition{${labels}} ${status === current ? 1 : 0}`;
    });
  const one = serverWith(
    "one",
    { type: "Ready", status: "True" },
    { type: "UsersReady", status: "True" },
    { type: "PassiveReachable", status: "False" },
  );
  const two = serverWith("two", { type: "Ready", status: "Unknown" });
  for (const object of [one, two, serverWith("new")]) report({ type: "Added", object });
  assert.deepEqual(await seriesOf(), [
    "ftp_operator_ftpservers 3",
    ...series("one", "Ready", "true"),
    ...series("one", "PassiveReachable", "false"),
    ...series("two", "Ready", "unknown"),
  ]);
  report({ type: "Modified", object: serverWith("two", { type: "Ready", status: "False" }), old: two });
  report({ type: "Deleted", object: one, old: one });
  assert.deepEqual(await seriesOf(), ["ftp_operator_ftpservers 2", ...series("two", "Ready", "false")]);
});
