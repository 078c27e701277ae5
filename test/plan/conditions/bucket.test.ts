import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OBJECT_STORAGE_STATES, type ObjectStorageReport } from "../../../src/api/engine-report.ts";
import type { Condition } from "../../../src/api/kubernetes.ts";
import type { ReportOutcome } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import { Cluster, serverOf, type StoragePatch } from "../../support/plan/cluster.ts";

type Fields = Partial<NonNullable<StoragePatch["objectStorage"]>>;

/** Returns the condition StorageReady of an FtpServer whose pod sends the given report. */
function storageReady(report: Omit<ObjectStorageReport, "type">, fields: Fields = {}): Condition {
  const cluster = new Cluster(
    serverOf({ storage: { type: "ObjectStorage", objectStorage: { bucket: "files", ...fields } } }),
  );
  cluster.settle();
  const [pod] = cluster.all("Pod");
  const storage = { type: "ObjectStorage" as const, ...report };
  const outcome: ReportOutcome = { type: "Known", report: { version: "0.1.0", ready: false, storage } };
  const { status } = plan(cluster.observe({ reports: new Map([[pod?.metadata.uid ?? "", outcome]]) }));
  const found = status.conditions?.find(({ type }) => type === "StorageReady");
  assert.ok(found);
  return found;
}

describe("StorageReady of a bucket", () => {
  test("has a separate reason for every failure of the check", () => {
    const usable = ["NotNeeded", "Writable"] as const;
    const failures = OBJECT_STORAGE_STATES.filter((state) => !usable.some((one) => one === state));
    const reasons = failures.map((state) => storageReady({ state }).reason);
    assert.equal(new Set(reasons).size, failures.length);
    assert.ok(!reasons.includes("BucketReady"));
    assert.equal(storageReady({ state: "Checking" }).reason, "BucketNotChecked");
    for (const state of usable) assert.equal(storageReady({ state }).reason, "BucketReady");
  });

  // id: bucket-conditions
  test("names the bucket, the error code and the field to change", () => {
    const { status, message } = storageReady({ state: "BucketNotFound", code: "NoSuchBucket", step: "list" });
    assert.equal(status, "False");
    assert.equal(
      message,
      "In pod `demo-a-0`, the object storage has no bucket `files` (NoSuchBucket). Clients cannot connect. " +
        "Create the bucket, or correct `spec.storage.objectStorage.bucket`.",
    );
  });

  for (const [fields, remedy] of [
    [{ credentialsSecretRef: { name: "s3" } }, /in Secret `s3`/],
    [
      { webIdentity: { roleArn: "arn:aws:iam::111122223333:role/ftp" } },
      /`spec.storage.objectStorage.webIdentity`/,
    ],
    [{}, /assign a role to the ServiceAccount of the pod/],
  ] as const) {
    test(`suggests a remedy for rejected credentials that matches ${remedy}`, () => {
      assert.match(
        storageReady({ state: "CredentialsRejected", code: "ExpiredToken" }, fields).message,
        remedy,
      );
    });
  }

  test("names the step that the policies deny", () => {
    const report = { state: "AccessDenied", code: "AccessDenied", step: "remove" } as const;
    assert.match(
      storageReady(report).message,
      /do not permit the engine to remove objects from bucket `files`/,
    );
  });

  describe("before the first check", () => {
    const spec = serverOf({ storage: { type: "ObjectStorage", objectStorage: { bucket: "files" } } });

    function readyOf(cluster: Cluster, reports: Map<string, ReportOutcome> = new Map()): Condition {
      const { status } = plan(cluster.observe({ reports }));
      cluster.server.status = status;
      const found = status.conditions?.find(({ type }) => type === "StorageReady");
      assert.ok(found);
      return found;
    }

    test("is Unknown until an engine has finished a check", () => {
      const cluster = new Cluster(spec);
      const first = readyOf(cluster);
      assert.deepEqual([first.status, first.reason], ["Unknown", "BucketNotChecked"]);
      assert.match(first.message, /^No engine has checked bucket `files` yet\./);
      cluster.settle();
      const [pod] = cluster.all("Pod");
      const outcome = (state: ObjectStorageReport["state"]): Map<string, ReportOutcome> =>
        new Map([
          [
            pod?.metadata.uid ?? "",
            {
              type: "Known",
              report: { version: "0.1.0", ready: true, storage: { type: "ObjectStorage", state } },
            },
          ],
        ]);
      assert.equal(readyOf(cluster, outcome("Checking")).status, "Unknown");
      assert.equal(readyOf(cluster, outcome("Writable")).reason, "BucketReady");
    });

    test("stays True after an operator restart, because a pod is ready only after a check", () => {
      const cluster = new Cluster(spec);
      cluster.settle();
      const [pod] = cluster.all("Pod");
      for (const type of ["Pending", "Unknown"] as const) {
        const reports = new Map<string, ReportOutcome>([[pod?.metadata.uid ?? "", { type }]]);
        assert.equal(readyOf(cluster, reports).reason, "BucketReady");
      }
    });

    test("has the reason BucketUnused without replicas", () => {
      const cluster = new Cluster(serverOf({ ...spec.spec, replicas: 0 }));
      const { status, reason } = readyOf(cluster);
      assert.deepEqual([status, reason], ["True", "BucketUnused"]);
    });
  });
});
