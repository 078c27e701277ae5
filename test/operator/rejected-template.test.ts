/**
 * Tests pod template changes that the API server rejects. The old pod must continue to serve until the spec is
 * corrected.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { useOperatorCluster } from "../support/operator/operator-cluster.ts";
import { eventually, getJson } from "../support/operator/running.ts";

const BASIC = new URL("../../examples/basic.yaml", import.meta.url);

const cluster = useOperatorCluster();

async function patchServer(spec: object): Promise<void> {
  const patch = JSON.stringify({ spec });
  await cluster.plane.kubectl(["patch", "ftpserver", "demo", "--type=merge", "-p", patch]);
}

/** @param hugepages resource request for which Kubernetes requires an equal limit. No CRD rule checks this limit. */
function requests(hugepages: string | null): object {
  return { pod: { resources: { requests: { cpu: "1", "hugepages-2Mi": hugepages } } } };
}

/**
 * Creates a ready pod. In a real cluster, the StatefulSet controller creates the pod, and the kubelet reports the pod
 * as ready.
 */
async function makeReadyPod(): Promise<string> {
  const set = await eventually("StatefulSet", () => getJson(cluster.plane, "statefulset", "demo-a"));
  const { metadata, spec } = set.spec.template;
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name: "demo-a-0" }, spec };
  await cluster.plane.kubectl(["create", "-f", "-"], JSON.stringify(pod));
  const status = JSON.stringify({ status: { conditions: [{ type: "Ready", status: "True" }] } });
  await cluster.plane.kubectl([
    "patch",
    "pod",
    "demo-a-0",
    "--subresource=status",
    "--type=merge",
    "-p",
    status,
  ]);
  return JSON.stringify(set.spec);
}

async function slotState(): Promise<[number, string]> {
  const { readyReplicas, slots } = (await getJson(cluster.plane, "ftpserver", "demo")).status;
  return [readyReplicas, slots[0].state];
}

test("a rejected template stops no pod, and the fixed template replaces it", async () => {
  await cluster.plane.kubectl(["apply", "-f", "-"], await readFile(BASIC, "utf8"));
  await patchServer({ rollout: { type: "Recreate" } });
  await eventually("observed", async () => {
    const { metadata, status } = await getJson(cluster.plane, "ftpserver", "demo");
    assert.equal(status?.observedGeneration, metadata.generation);
  });
  const before = await makeReadyPod();
  await eventually("service", async () => assert.deepEqual(await slotState(), [1, "Serving"]));

  await patchServer(requests("2Mi"));
  await eventually("rejection", async () => {
    const { status } = await getJson(cluster.plane, "ftpserver", "demo");
    const stalled = status.conditions.find(({ type }: any) => type === "Stalled");
    assert.equal(stalled.status, "True");
    assert.match(stalled.message, /StatefulSet `demo-a`: .*resources\.limits/u);
  });
  assert.equal(JSON.stringify((await getJson(cluster.plane, "statefulset", "demo-a")).spec), before);
  assert.deepEqual(await slotState(), [1, "Serving"]);

  await patchServer(requests(null));
  await eventually("drain", async () => {
    assert.equal((await getJson(cluster.plane, "statefulset", "demo-a")).spec.replicas, 0);
    assert.deepEqual(await slotState(), [0, "Draining"]);
  });
  await cluster.plane.kubectl(["delete", "pod", "demo-a-0", "--grace-period=0", "--force"]);
  await eventually("successor", async () => {
    const { replicas, template } = (await getJson(cluster.plane, "statefulset", "demo-a")).spec;
    assert.deepEqual([replicas, template.spec.containers[0].resources.requests.cpu], [1, "1"]);
    assert.deepEqual(await slotState(), [0, "Starting"]);
  });
});

test("a rejected Service stops no pod, although the template is valid", async () => {
  const taken = { name: "taken", port: 80, nodePort: 30055 };
  const other = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "other" },
    spec: { type: "NodePort", ports: [taken] },
  };
  await cluster.plane.kubectl(["create", "-f", "-"], JSON.stringify(other));
  await makeReadyPod();
  await eventually("service", async () => assert.deepEqual(await slotState(), [1, "Serving"]));
  const before = JSON.stringify((await getJson(cluster.plane, "statefulset", "demo-a")).spec);

  const exposure = { type: "NodePort", nodePort: { controlPort: 30021 } };
  await patchServer({ exposure, passive: { portRange: { first: 30050, last: 30059 } } });
  await eventually("rejection", async () => {
    const { status } = await getJson(cluster.plane, "ftpserver", "demo");
    const stalled = status.conditions.find(({ type }: any) => type === "Stalled");
    assert.match(stalled.message, /Service `demo`: .*30055/u);
  });
  assert.equal(JSON.stringify((await getJson(cluster.plane, "statefulset", "demo-a")).spec), before);
  assert.deepEqual(await slotState(), [1, "Serving"]);

  await cluster.plane.kubectl(["delete", "service", "other"]);
  await eventually("drain", async () => {
    assert.equal((await getJson(cluster.plane, "statefulset", "demo-a")).spec.replicas, 0);
  });
});
