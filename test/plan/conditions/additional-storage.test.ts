/** Tests the condition StorageReady with engine reports about additional storage. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StorageReport, VolumeReport } from "../../../src/api/engine-report.ts";
import type { Condition } from "../../../src/api/kubernetes.ts";
import type { PersistentVolumeClaim } from "../../../src/plan/model/objects.ts";
import type { Observed, ReportOutcome } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import { Cluster, serverOf, type SpecPatch } from "../../support/plan/cluster.ts";

const HOMES: VolumeReport = { state: "Writable", path: "/srv/ftp", uid: 1, gid: 1, groups: [1] };
const INBOX: VolumeReport = { ...HOMES, path: "/srv/additional/inbox" };
const ARCHIVE: StorageReport = { type: "ObjectStorage", state: "Writable" };

const additional: object[] = [
  { name: "inbox", type: "PersistentVolumeClaim", persistentVolumeClaim: { claimName: "orders" } },
  {
    name: "archive",
    type: "ObjectStorage",
    objectStorage: { bucket: "old", region: "eu-west-1", credentialsSecretRef: { name: "s3" } },
  },
];
const claim: PersistentVolumeClaim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "orders", namespace: "files" },
  spec: { accessModes: ["ReadWriteMany"] },
  status: { phase: "Bound" },
};

interface Reports {
  homes?: Partial<VolumeReport>;
  inbox?: Partial<VolumeReport>;
  archive?: StorageReport;
}

/** Observes a settled FtpServer with a volume and a bucket as additional storage. */
class Server {
  readonly cluster: Cluster;
  readonly #observed: Partial<Observed> = {
    additionalClaims: new Map([["orders", claim]]),
  };

  constructor() {
    // The API server validation adds the defaults.
    const additionalStorage: NonNullable<SpecPatch["additionalStorage"]> = JSON.parse(
      JSON.stringify(additional),
    );
    this.cluster = new Cluster(serverOf({ additionalStorage }));
    this.cluster.settle(this.#observed);
  }

  /** Returns the condition StorageReady after the pod has sent a report, or after a request without a report. */
  ready(given: Reports | "Old" | "Pending" | "Unknown"): Condition {
    const [pod] = this.cluster.all("Pod");
    const reports = new Map([[pod?.metadata.uid ?? "", outcomeOf(given)]]);
    const { status } = plan(this.cluster.observe({ ...this.#observed, reports }));
    this.cluster.server.status = status;
    const found = status.conditions?.find(({ type }) => type === "StorageReady");
    assert.ok(found);
    return found;
  }
}

function outcomeOf(given: Reports | "Old" | "Pending" | "Unknown"): ReportOutcome {
  const report = { version: "0.1.0", ready: true, storage: HOMES };
  if (given === "Old") return { type: "Known", report };
  if (typeof given === "string") return { type: given };
  const { homes, inbox, archive = ARCHIVE } = given;
  const additionalStorage = { inbox: { ...INBOX, ...inbox }, archive };
  return { type: "Known", report: { ...report, storage: { ...HOMES, ...homes }, additionalStorage } };
}

function bucket(state: Extract<StorageReport, { type: "ObjectStorage" }>["state"], code?: string): Reports {
  return { archive: { type: "ObjectStorage", state, ...(code !== undefined && { code }) } };
}

describe("StorageReady of additional storage", () => {
  // id: additional-storage-conditions
  test("names the storage, the bucket, the error code and the field to change", () => {
    const { status, reason, message } = new Server().ready(bucket("BucketNotFound", "NoSuchBucket"));
    assert.deepEqual([status, reason], ["False", "BucketNotFound"]);
    assert.equal(
      message,
      "Storage `archive` has a fault in pod `demo-a-0`: the object storage has no bucket `old` (NoSuchBucket). " +
        "Commands in mounts of `archive` fail. " +
        "Create the bucket, or correct `objectStorage.bucket` in `spec.additionalStorage` (name `archive`).",
    );
  });

  for (const [given, status, reason, text] of [
    [bucket("WrongRegion"), "False", "WrongRegion", "`old` is not in region `eu-west-1`"],
    [
      bucket("WrongRegion"),
      "False",
      "WrongRegion",
      "Correct `objectStorage.region` in `spec.additionalStorage`",
    ],
    [bucket("CredentialsRejected"), "False", "CredentialsRejected", "in Secret `s3`"],
    [bucket("EndpointNotTrusted"), "False", "EndpointNotTrusted", "set `objectStorage.caRef` in `spec.add"],
    [bucket("EndpointUnreachable"), "False", "EndpointUnreachable", "`objectStorage.endpoint` in `spec.add"],
    [bucket("Full"), "False", "BucketFull", "Uploads in mounts of `archive` fail."],
    [
      bucket("NotResponding"),
      "Unknown",
      "BucketNotResponding",
      "Transfers in mounts of `archive` can stall.",
    ],
    [
      { inbox: { state: "ReadOnly", code: "EROFS" } },
      "False",
      "VolumeReadOnly",
      "Storage `inbox` has a fault in pod `demo-a-0`: the volume at `/srv/additional/inbox` is mounted read-only (EROFS). " +
        "Changes in mounts of `inbox` fail.",
    ],
    [{ inbox: { state: "Full" } }, "False", "VolumeFull", "Uploads in mounts of `inbox` fail."],
    [
      { inbox: { state: "Failed", code: "ENOENT", step: "open" } },
      "False",
      "VolumeFailed",
      "the engine cannot open `/srv/additional/inbox` (ENOENT). Transfers in mounts of `inbox` can fail.",
    ],
    [
      { inbox: { state: "RootNotWritable" } },
      "True",
      "VolumeRootNotWritable",
      "Mounts of `inbox` whose directory",
    ],
    [{ inbox: { state: "NotWritable" } }, "False", "VolumeNotWritable", "Changes in mounts of `inbox` fail."],
    [{}, "True", "EphemeralStorage", "Files are lost"],
    ["Old", "True", "EphemeralStorage", "Files are lost"],
    [bucket("Checking"), "Unknown", "BucketNotChecked", "bucket `old` of storage `archive`"],
  ] as const)
    test(`is ${status} with the reason ${reason} for ${JSON.stringify(given)}`, () => {
      const found = new Server().ready(given);
      assert.deepEqual([found.status, found.reason], [status, reason]);
      assert.ok(found.message.includes(text), found.message);
    });

  test("describes all storage that fails, the most severe fault first", () => {
    const { reason, message } = new Server().ready({
      homes: { state: "NotResponding" },
      inbox: { state: "Full", code: "ENOSPC" },
      ...bucket("AccessDenied", "AccessDenied"),
    });
    assert.equal(reason, "VolumeFull");
    assert.match(
      message,
      /^Storage `inbox` .* Storage `archive` .* In pod `demo-a-0`, the volume at `\/srv\/ftp` /,
    );
  });

  test("becomes True when the storage is repaired, and keeps its value while no report is known", () => {
    const server = new Server();
    const failed = server.ready(bucket("BucketNotFound"));
    assert.deepEqual(server.ready("Pending"), failed);
    assert.equal(server.ready({}).status, "True");
    assert.equal(server.ready("Pending").status, "True");
    assert.equal(server.ready("Unknown").status, "True");
  });

  test("requires a report every 10 seconds, because the engine stays ready", () => {
    const { cluster } = new Server();
    assert.equal(plan(cluster.observe()).reports?.periodSeconds, 10);
  });
});
