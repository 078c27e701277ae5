/** Tests the condition StorageReady with engine reports. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { VolumeReport } from "../../../src/api/engine-report.ts";
import type { Condition } from "../../../src/api/kubernetes.ts";
import type { ReportOutcome } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import { serverOf, Cluster } from "../../support/plan/cluster.ts";

const VOLUME: VolumeReport = {
  state: "Writable",
  path: "/data",
  uid: 65532,
  gid: 65532,
  groups: [65532],
  root: { uid: 1000, gid: 2000, mode: "0755" },
};

function settled(replicas = 1): Cluster {
  const cluster = new Cluster(serverOf({ replicas }));
  cluster.settle();
  return cluster;
}

/** Returns the condition StorageReady for engine reports, one report for each pod in alphabetical order. */
function storageReady(
  cluster: Cluster,
  ...storages: (Partial<VolumeReport> | "Pending" | "Unknown")[]
): Condition {
  const pods = cluster.all("Pod").toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const reports = new Map(
    storages.map((storage, index): [string, ReportOutcome] => [
      pods[index]?.metadata.uid ?? "",
      typeof storage === "string"
        ? { type: storage }
        : { type: "Known", report: { version: "0.1.0", ready: false, storage: { ...VOLUME, ...storage } } },
    ]),
  );
  const { status } = plan(cluster.observe({ reports }));
  cluster.server.status = status;
  const found = status.conditions?.find(({ type }) => type === "StorageReady");
  assert.ok(found);
  return found;
}

const denied = { state: "NotWritable", code: "EACCES", step: "create" } as const;

describe("StorageReady", () => {
  test("names the path, the IDs, the owner and the field to change when the engine cannot write", () => {
    const { status, reason, message } = storageReady(settled(), { ...denied, groups: [65532, 3000] });
    assert.deepEqual([status, reason], ["False", "VolumeNotWritable"]);
    assert.equal(
      message,
      "In pod `demo-a-0`, the engine cannot create files in `/data` (EACCES). The engine runs as user 65532 and group 65532, with supplementary group 3000. " +
        "The volume belongs to user 1000 and group 2000, and has mode 0755. Clients cannot connect. " +
        "Set `spec.pod.securityContext.runAsUser` to 1000.",
    );
  });

  for (const [root, remedy] of [
    [
      { uid: 1000, gid: 2000, mode: "2775" },
      "fsGroup` to 2000 or `spec.pod.securityContext.runAsUser` to 1000.",
    ],
    [{ uid: 0, gid: 2000, mode: "0770" }, "Set `spec.pod.securityContext.fsGroup` to 2000."],
    [{ uid: 0, gid: 0, mode: "0775" }, "Change the owner of the volume to 65532:65532, or set"],
    [undefined, "Change the owner of the volume to 65532:65532, or set"],
  ] as const)
    test(`suggests a field that permits writing to ${JSON.stringify(root)}`, () => {
      const { root: _, ...volume } = VOLUME;
      const report = { ...volume, ...denied, ...(root && { root }) };
      const cluster = settled();
      const uid = cluster.all("Pod")[0]?.metadata.uid ?? "";
      const known: ReportOutcome = {
        type: "Known",
        report: { version: "0.1.0", ready: false, storage: report },
      };
      const { status } = plan(cluster.observe({ reports: new Map([[uid, known]]) }));
      const { message = "" } = status.conditions?.find(({ type }) => type === "StorageReady") ?? {};
      assert.ok(message.includes(remedy), message);
      assert.ok(!message.includes("to 0"), "no pod runs as root");
    });

  test("suggests no field that the platform sets", () => {
    const { pod } = serverOf().spec;
    const cluster = new Cluster(
      serverOf({ pod: { ...pod, securityContext: { ...pod.securityContext, ids: "Platform" } } }),
    );
    cluster.settle();
    const { message } = storageReady(cluster, denied);
    assert.match(message, /Change the owner of the volume to 65532:65532/u);
    assert.ok(!message.includes("spec.pod"), message);
  });

  for (const [report, status, reason, text] of [
    [{ state: "ReadOnly", code: "EROFS" }, "False", "VolumeReadOnly", "`List` and `Read`"],
    [{ state: "Full", code: "ENOSPC" }, "False", "VolumeFull", "Downloads and deletions still work."],
    [
      { state: "Failed", code: "EIO", step: "sync" },
      "False",
      "VolumeFailed",
      "cannot synchronize files in `/data` (EIO)",
    ],
    [{ state: "NotResponding" }, "Unknown", "VolumeNotResponding", "does not respond"],
    [{ ...denied, state: "RootNotWritable" }, "True", "VolumeRootNotWritable", "existing home directories"],
    [{ state: "Writable" }, "True", "EphemeralStorage", "Files are lost"],
    [{ state: "NotNeeded" }, "True", "EphemeralStorage", "Files are lost"],
    ["Unknown", "True", "EphemeralStorage", "Files are lost"],
  ] as const)
    test(`is ${status} with the reason ${reason} for ${JSON.stringify(report)}`, () => {
      const found = storageReady(settled(), report);
      assert.deepEqual([found.status, found.reason], [status, reason]);
      assert.ok(found.message.includes(text), found.message);
    });

  test("has the most severe report of several pods", () => {
    const { reason, message } = storageReady(settled(2), { state: "Full", code: "ENOSPC" }, denied);
    assert.equal(reason, "VolumeNotWritable");
    assert.match(message, /pod `demo-b-0`,/);
  });

  test("keeps its value while the first reports after an operator restart are pending", () => {
    const cluster = settled();
    const before = storageReady(cluster, denied);
    assert.deepEqual(storageReady(cluster, "Pending"), before);
    assert.equal(storageReady(cluster, { state: "Writable" }).reason, "EphemeralStorage");
    assert.equal(storageReady(cluster, "Pending").reason, "EphemeralStorage");
  });

  test("ignores reports of terminating pods", () => {
    const cluster = settled();
    cluster.deletePod("demo-a-0");
    assert.equal(storageReady(cluster, denied).reason, "EphemeralStorage");
  });
});
