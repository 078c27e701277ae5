import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "@prometheus-io/client";
import type { FtpServer } from "../../src/api/ftpserver.generated.ts";
import type { Condition } from "../../src/api/kubernetes.ts";
import type { Change } from "../../src/kube/reflector.ts";
import { registerServerMetrics } from "../../src/operator/server-metrics.ts";
import { serverOf } from "../support/plan/cluster.ts";

function serverWith(name: string, ...conditions: Pick<Condition, "type" | "status" | "reason">[]): FtpServer {
  const server = serverOf();
  const full = conditions.map((condition) => ({
    ...condition,
    message: "",
    observedGeneration: 1,
    lastTransitionTime: "",
  }));
  return { ...server, metadata: { ...server.metadata, name }, status: { conditions: full } };
}

test("servers in trouble have a series of their own, and lose it when they are well", async () => {
  const registry = new Registry();
  let tell: (change: Change<FtpServer>) => void = () => undefined;
  registerServerMetrics(registry, { addEventHandler: (handler) => (tell = handler) });
  const well = serverWith("well", { type: "Ready", status: "True", reason: "Ready" });
  const shut = serverWith(
    "shut",
    { type: "Ready", status: "True", reason: "Ready" },
    { type: "PassiveReachable", status: "False", reason: "DataConnectionFailed" },
  );
  const slow = serverWith("slow", { type: "Ready", status: "Unknown", reason: "Pending" });
  const unchecked = serverWith("unchecked", {
    type: "PassiveReachable",
    status: "Unknown",
    reason: "NotChecked",
  });
  for (const object of [well, shut, slow, unchecked]) tell({ type: "Added", object });
  const seriesOf = async (): Promise<string[]> =>
    (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const labels = (name: string, condition: string, reason: string): string =>
    `ftp_operator_ftpserver_trouble{namespace="${serverOf().metadata.namespace}",name="${name}",condition="${condition}",reason="${reason}"} 1`;
  assert.deepEqual(await seriesOf(), [
    "ftp_operator_ftpservers 4",
    labels("shut", "PassiveReachable", "DataConnectionFailed"),
    labels("slow", "Ready", "Pending"),
  ]);
  tell({ type: "Modified", object: { ...slow, status: well.status ?? {} }, old: slow });
  for (const object of [shut, unchecked]) tell({ type: "Deleted", object, old: object });
  assert.deepEqual(await seriesOf(), ["ftp_operator_ftpservers 2"]);
});
