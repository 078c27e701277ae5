/**
 * Tests the namespaces that Operator Lifecycle Manager passes to the operator. For an OperatorGroup that selects all
 * namespaces, this list is empty.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startControlPlane } from "../cluster/control-plane.ts";
import { OperatorProcess } from "../support/operator/operator-process.ts";
import { eventually, installCrd } from "../support/operator/running.ts";

test("the operator watches all namespaces when --namespaces is empty", async () => {
  await using plane = await startControlPlane();
  await installCrd(plane);
  await plane.kubectl(["create", "namespace", "team-a"]);
  const server = {
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpServer",
    metadata: { name: "demo" },
    spec: { anonymous: { mode: "ReadOnly" } },
  };
  await plane.kubectl(["-n", "team-a", "create", "-f", "-"], JSON.stringify(server));
  const operator = await OperatorProcess.start(plane, { flags: ["--namespaces="] });
  try {
    await eventually("the Service exists", async () => {
      const services = await plane.kubectl(["-n", "team-a", "get", "services", "-o", "name"]);
      assert.equal(services, "service/demo\n");
    });
  } finally {
    await operator.kill();
  }
});
