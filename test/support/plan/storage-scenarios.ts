/** Scenarios that together produce every reason for the condition StorageReady. */
import {
  OBJECT_STORAGE_STATES,
  type StorageReport,
  type VolumeReport,
} from "../../../src/api/engine-report.ts";
import type { Observed, ReportOutcome } from "../../../src/plan/model/observed.ts";
import type { Cluster, SpecPatch } from "./cluster.ts";

/** Computes the plan for a settled FtpServer after a change. */
type Settled = (spec: SpecPatch, change?: (cluster: Cluster) => Partial<Observed> | void) => void;

const claim = (accessModes: "ReadWriteMany" | "ReadWriteOnce"): SpecPatch => ({
  storage: {
    type: "PersistentVolumeClaim",
    persistentVolumeClaim: { create: { accessModes: [accessModes], size: "1Gi" }, whenDeleted: "Retain" },
  },
});

const bucket: SpecPatch = {
  storage: {
    type: "ObjectStorage",
    objectStorage: { bucket: "files", credentialsSecretRef: { name: "s3" } },
  },
};
/** The validation of the API server adds the default values of this entry. */
const additionalStorage: NonNullable<SpecPatch["additionalStorage"]> = JSON.parse(
  JSON.stringify([{ name: "archive", type: "ObjectStorage", objectStorage: { bucket: "archive" } }]),
);
const archive: SpecPatch = { additionalStorage };
const AUTHORITIES_FAILURES = [
  "CertificateInvalid",
  "ConfigMapKeyMissing",
  "ConfigMapNotFound",
  "SecretKeyMissing",
] as const;

function volumeReported(cluster: Cluster, storage: Partial<VolumeReport>): Partial<Observed> {
  return reported(cluster, {
    state: "Writable" as const,
    path: "/srv/ftp",
    uid: 65532,
    gid: 65532,
    groups: [65532],
    root: { uid: 1000, gid: 2000, mode: "0755" },
    code: "EACCES",
    ...storage,
  });
}

/** Reports a fault in additional storage while the storage with the homes works. */
function additionalReported(cluster: Cluster, storage: StorageReport): Partial<Observed> {
  const { reports = new Map() } = volumeReported(cluster, {});
  const outcomes = [...reports].map(([uid, outcome]): [string, ReportOutcome] => [
    uid,
    outcome.type === "Known"
      ? { ...outcome, report: { ...outcome.report, additionalStorage: { archive: storage } } }
      : outcome,
  ]);
  return { reports: new Map(outcomes) };
}

function reported(cluster: Cluster, storage: StorageReport): Partial<Observed> {
  const report = { version: "1.0.0", ready: false, storage };
  return {
    reports: new Map(
      cluster.all("Pod").map(({ metadata: { uid = "" } }) => [uid, { type: "Known", report }]),
    ),
  };
}

export function storageScenarios(settled: Settled): void {
  settled(claim("ReadWriteMany"));
  settled(claim("ReadWriteOnce"));
  for (const phase of ["Pending", "Lost"])
    settled(claim("ReadWriteMany"), (cluster) => {
      for (const object of cluster.all("PersistentVolumeClaim")) object.status = { phase };
    });
  settled({
    storage: {
      type: "PersistentVolumeClaim",
      persistentVolumeClaim: { claimName: "files", whenDeleted: "Retain" },
    },
  });
  settled(bucket);
  settled({ ...bucket, replicas: 0 });
  settled(bucket, () => ({ objectStorage: new Map([["", { credentials: "Missing" }]]) }));
  for (const state of OBJECT_STORAGE_STATES)
    settled(bucket, (cluster) => reported(cluster, { type: "ObjectStorage", state }));
  for (const reason of AUTHORITIES_FAILURES) {
    const authorities = { failure: { reason, message: "ConfigMap `ca` is not valid." }, version: "" };
    settled(bucket, () => ({ objectStorage: new Map([["", { authorities }]]) }));
  }
  for (const state of [
    "NotWritable",
    "ReadOnly",
    "Failed",
    "Full",
    "NotResponding",
    "RootNotWritable",
  ] as const)
    settled({}, (cluster) => volumeReported(cluster, { state }));
  for (const state of OBJECT_STORAGE_STATES)
    settled(archive, (cluster) => additionalReported(cluster, { type: "ObjectStorage", state }));
}
