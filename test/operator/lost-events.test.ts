/** Tests changes whose watch events do not contain the FtpServer name, or arrive at an unfavorable time. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeClient } from "../../src/kube/client.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import {
  eventually,
  getJson,
  installCrd,
  type RunningOperator,
  startOperator,
} from "../support/operator/running.ts";

/**
 * Number of FtpServers. The number is so high that the second reconcile of the first FtpServer must wait in the queue.
 */
const SERVERS = 60;
const POLL_MILLISECONDS = 5;

let plane: ControlPlane;
let client: KubeClient;
let operator: RunningOperator;

before(async () => {
  plane = await startControlPlane();
  await installCrd(plane);
  client = new KubeClient({ fieldManager: "test", kubeconfig: plane.kubeconfig });
  operator = startOperator(plane);
});
after(async () => {
  await operator?.stop();
  await client?.close();
  await plane?.stop();
});

const nameOf = (index: number): string => `server-${index}`;
const serviceOf = (index: number) =>
  ({ apiVersion: "v1", kind: "Service", name: nameOf(index), namespace: "default" }) as const;

test("a child that is deleted before the next reconcile is created again", async () => {
  const items = Array.from({ length: SERVERS }, (_, index) => ({
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpServer",
    metadata: { name: nameOf(index), namespace: "default" },
    spec: { anonymous: { mode: "ReadOnly" } },
  }));
  await plane.kubectl(
    ["apply", "-f", "-"],
    JSON.stringify({ apiVersion: "v1", kind: "List", items: items.slice(1) }),
  );
  const first = plane.kubectl(["apply", "-f", "-"], JSON.stringify(items[0]));
  const deleted = await firstService(0);
  await client.delete(serviceOf(0), { uid: deleted });
  await first;
  await eventually("the Service is created again", async () => {
    assert.notEqual((await client.get(serviceOf(0))).metadata.uid, deleted);
  });
});

test("a child whose label names another FtpServer gets its label back", async () => {
  const label = (await getJson(plane, "service", nameOf(1))).metadata.labels["app.kubernetes.io/instance"];
  await plane.kubectl(["label", "service", nameOf(1), "app.kubernetes.io/instance=other", "--overwrite"]);
  await eventually("the label", async () => {
    const { metadata } = await getJson(plane, "service", nameOf(1));
    assert.equal(metadata.labels["app.kubernetes.io/instance"], label);
  });
});

/** Waits for the Service of an FtpServer and returns the UID of the Service. */
async function firstService(index: number): Promise<string> {
  for (;;) {
    const service = await client.get(serviceOf(index)).catch(() => undefined);
    if (service?.metadata.uid !== undefined) return service.metadata.uid;
    await sleep(POLL_MILLISECONDS);
  }
}
