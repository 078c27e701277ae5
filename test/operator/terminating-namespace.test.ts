import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { readAuditLog } from "../cluster/audit.ts";
import { useOperatorCluster } from "../support/operator/operator-cluster.ts";
import { eventually, untilQuiet, writesOf } from "../support/operator/running.ts";

const BASIC = new URL("../../examples/basic.yaml", import.meta.url);
const NAMESPACE = "terminating";
const FORBIDDEN = 403;

const cluster = useOperatorCluster();

const MAX_ATTEMPTS = 3;

test("the operator does not recreate children in a namespace that is terminating", async () => {
  const kubectl = (...args: string[]) => cluster.plane.kubectl(["-n", NAMESPACE, ...args]);
  await cluster.plane.kubectl(["create", "namespace", NAMESPACE]);
  await cluster.plane.kubectl(["-n", NAMESPACE, "apply", "-f", "-"], await readFile(BASIC, "utf8"));
  await eventually("all children", () => kubectl("get", "statefulset/demo-a"));
  await untilQuiet(cluster.plane, 500);
  await cluster.plane.kubectl(["delete", "namespace", NAMESPACE, "--wait=false"]);
  const before = writesOf(cluster.plane).length;
  await kubectl("delete", "service", "demo");
  await eventually("the API server rejects the Service", async () => {
    const isRejected = readAuditLog(cluster.plane.auditLog).some(
      ({ responseStatus, objectRef }) =>
        responseStatus?.code === FORBIDDEN && objectRef?.resource === "services",
    );
    assert.ok(isRejected);
  });
  // Two watch events for the Service can each cause an attempt.
  await untilQuiet(cluster.plane);
  assert.ok(writesOf(cluster.plane).length - before <= MAX_ATTEMPTS);
  const resources = writesOf(cluster.plane)
    .slice(before)
    .map(({ objectRef }) => objectRef?.resource);
  assert.deepEqual([...new Set(resources)], ["services"]);
});
