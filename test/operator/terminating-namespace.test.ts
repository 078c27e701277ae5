import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { readAuditLog } from "../cluster/audit.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import {
  assertQuiet,
  eventually,
  installCrd,
  type RunningOperator,
  startOperator,
  writesOf,
} from "../support/operator/running.ts";

const BASIC = new URL("../../examples/basic.yaml", import.meta.url);
const NAMESPACE = "terminating";
const FORBIDDEN = 403;

let plane: ControlPlane;
let operator: RunningOperator;

before(async () => {
  // Without the namespace controller, the namespace stays in the phase Terminating.
  plane = await startControlPlane();
  await installCrd(plane);
  operator = startOperator(plane);
});

after(async () => {
  await operator?.stop();
  await plane?.stop();
});

const MAX_ATTEMPTS = 3;

test("the operator does not recreate children in a namespace that is terminating", async () => {
  const kubectl = (...args: string[]) => plane.kubectl(["-n", NAMESPACE, ...args]);
  await plane.kubectl(["create", "namespace", NAMESPACE]);
  await plane.kubectl(["-n", NAMESPACE, "apply", "-f", "-"], await readFile(BASIC, "utf8"));
  await eventually("all children", () => kubectl("get", "statefulset/demo-a"));
  await eventually("the operator is idle", () => assertQuiet(plane, 500));
  await plane.kubectl(["delete", "namespace", NAMESPACE, "--wait=false"]);
  const before = writesOf(plane).length;
  await kubectl("delete", "service", "demo");
  await eventually("the API server rejects the Service", async () => {
    const isRejected = readAuditLog(plane.auditLog).some(
      ({ responseStatus, objectRef }) =>
        responseStatus?.code === FORBIDDEN && objectRef?.resource === "services",
    );
    assert.ok(isRejected);
  });
  // Two watch events of the Service can cause two attempts.
  await eventually("no more attempts", () => assertQuiet(plane, 1000));
  assert.ok(writesOf(plane).length - before <= MAX_ATTEMPTS);
  const resources = writesOf(plane)
    .slice(before)
    .map(({ objectRef }) => objectRef?.resource);
  assert.deepEqual([...new Set(resources)], ["services"]);
});
