/** What the condition StorageReady says about the reports of engines. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StorageReport } from "../../../src/api/engine-report.ts";
import type { Condition } from "../../../src/api/kubernetes.ts";
import type { ReportOutcome } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import { serverOf, Cluster } from "../../support/plan/cluster.ts";

const VOLUME: StorageReport = {
  state: "Writable",
  path: "/data",
  uid: 65532,
  gid: 65532,
  groups: [65532],
  root: { uid: 1000, gid: 2000, mode: "0755" },
};

function settled(replicas = 1): Cluster {
  const world = new Cluster(serverOf({ replicas }));
  world.settle();
  return world;
}

/** The condition with these reports, one for each pod in the order of names. */
function storageReady(
  world: Cluster,
  ...storages: (Partial<StorageReport> | "Pending" | "Unknown")[]
): Condition {
  const pods = world.all("Pod").toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const reports = new Map(
    storages.map((storage, index): [string, ReportOutcome] => [
      pods[index]?.metadata.uid ?? "",
      typeof storage === "string"
        ? { type: storage }
        : { type: "Known", report: { version: "0.1.0", ready: false, storage: { ...VOLUME, ...storage } } },
    ]),
  );
  const { status } = plan(world.observe({ reports }));
  world.server.status = status;
  const found = status.conditions?.find(({ type }) => type === "StorageReady");
  assert.ok(found);
  return found;
}

const denied = { state: "NotWritable", code: "EACCES", step: "create" } as const;

describe("StorageReady", () => {
  it("is False with the path, the IDs, the owner and the field to change when the engine may not write", () => {
    const { status, reason, message } = storageReady(settled(), { ...denied, groups: [65532, 3000] });
    assert.deepEqual([status, reason], ["False", "VolumeNotWritable"]);
    assert.equal(
      message,
      "In pod demo-a-0, the engine cannot create files in /data (EACCES). It runs as user 65532, group 65532 and groups 3000. " +
        "The volume belongs to user 1000, group 2000, mode 0755. Clients cannot connect. " +
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
    it(`proposes what helps with ${JSON.stringify(root)}`, () => {
      const { root: _, ...volume } = VOLUME;
      const report = { ...volume, ...denied, ...(root && { root }) };
      const world = settled();
      const uid = world.all("Pod")[0]?.metadata.uid ?? "";
      const known: ReportOutcome = {
        type: "Known",
        report: { version: "0.1.0", ready: false, storage: report },
      };
      const { status } = plan(world.observe({ reports: new Map([[uid, known]]) }));
      const { message = "" } = status.conditions?.find(({ type }) => type === "StorageReady") ?? {};
      assert.ok(message.includes(remedy), message);
      assert.ok(!message.includes("to 0"), "no pod runs as root");
    });

  it("proposes no field that the platform sets", () => {
    const { pod } = serverOf().spec;
    const world = new Cluster(
      serverOf({ pod: { ...pod, securityContext: { ...pod.securityContext, ids: "Platform" } } }),
    );
    world.settle();
    const { message } = storageReady(world, denied);
    assert.match(message, /Change the owner of the volume to 65532:65532/u);
    assert.ok(!message.includes("spec.pod"), message);
  });

  for (const [report, status, reason, text] of [
    [{ state: "ReadOnly", code: "EROFS" }, "False", "VolumeReadOnly", "List and Read"],
    [{ state: "Full", code: "ENOSPC" }, "False", "VolumeFull", "Downloads and deletions continue."],
    [
      { state: "Failed", code: "EIO", step: "sync" },
      "False",
      "VolumeFailed",
      "cannot synchronize files in /data (EIO)",
    ],
    [{ state: "NotResponding" }, "Unknown", "VolumeNotResponding", "does not respond"],
    [{ ...denied, state: "RootNotWritable" }, "True", "VolumeRootNotWritable", "existing home directories"],
    [{ state: "Writable" }, "True", "EphemeralStorage", "Files are lost"],
    [{ state: "NotNeeded" }, "True", "EphemeralStorage", "Files are lost"],
    ["Unknown", "True", "EphemeralStorage", "Files are lost"],
  ] as const)
    it(`is ${status} with the reason ${reason} for ${JSON.stringify(report)}`, () => {
      const found = storageReady(settled(), report);
      assert.deepEqual([found.status, found.reason], [status, reason]);
      assert.ok(found.message.includes(text), found.message);
    });

  it("names the worst report of several pods", () => {
    const { reason, message } = storageReady(settled(2), { state: "Full", code: "ENOSPC" }, denied);
    assert.equal(reason, "VolumeNotWritable");
    assert.match(message, /pod demo-b-0,/);
  });

  it("says what it said before while an operator that has just started asks", () => {
    const world = settled();
    const before = storageReady(world, denied);
    assert.deepEqual(storageReady(world, "Pending"), before);
    assert.equal(storageReady(world, { state: "Writable" }).reason, "EphemeralStorage");
    assert.equal(storageReady(world, "Pending").reason, "EphemeralStorage");
  });

  it("counts no report of a pod that is gone or ends", () => {
    const world = settled();
    world.deletePod("demo-a-0");
    assert.equal(storageReady(world, denied).reason, "EphemeralStorage");
  });
});
