import type { ObjectStorageReport, StorageReport } from "../../api/engine-report.ts";
import type { FtpServerStorageObjectStorage } from "../../api/ftpserver.generated.ts";
import type { PlannedState } from "../model/decision.ts";
import { conditionValue } from "./condition.ts";
import type { ConditionValue, PodReport } from "./condition.ts";
import type { ReasonOf } from "./reasons.ts";

/** Condition reasons by fault of a bucket. The most severe fault is first. */
export const BUCKET_REASONS = {
  EndpointUnreachable: "EndpointUnreachable",
  EndpointNotTrusted: "EndpointNotTrusted",
  ClockSkewed: "ClockSkewed",
  CredentialsRejected: "CredentialsRejected",
  WrongRegion: "WrongRegion",
  BucketNotFound: "BucketNotFound",
  AccessDenied: "BucketAccessDenied",
  Failed: "BucketFailed",
  Full: "BucketFull",
  NotResponding: "BucketNotResponding",
} as const satisfies Readonly<Partial<Record<ObjectStorageReport["state"], ReasonOf<"StorageReady">>>>;

type Fault = keyof typeof BUCKET_REASONS;

const FAULT_ORDER = [
  "EndpointUnreachable",
  "EndpointNotTrusted",
  "ClockSkewed",
  "CredentialsRejected",
  "WrongRegion",
  "BucketNotFound",
  "AccessDenied",
  "Failed",
  "Full",
  "NotResponding",
] as const satisfies readonly Fault[];

/** Returns the most severe fault of the bucket in `spec.storage`. Undefined without a fault. */
export function bucketFault(
  reports: readonly PodReport<StorageReport>[],
  { storage }: PlannedState,
): ConditionValue | undefined {
  if (storage.type !== "ObjectStorage") return undefined;
  const buckets = reports.flatMap(({ pod, storage: one }) =>
    one.type === "ObjectStorage" ? [{ pod, storage: one }] : [],
  );
  for (const fault of FAULT_ORDER) {
    const found = buckets.find((one) => one.storage.state === fault);
    if (found === undefined) continue;
    const message = `In pod \`${found.pod}\`, ${sentences(fault, found.storage, storage.storage)}`;
    return conditionValue("StorageReady", BUCKET_REASONS[fault], message, { warn: true });
  }
  return undefined;
}

function sentences(
  fault: Fault,
  { code = "", step }: ObjectStorageReport,
  { bucket, region, ...spec }: FtpServerStorageObjectStorage,
): string {
  const cause = code === "" ? "" : ` (${code})`;
  switch (fault) {
    case "EndpointUnreachable":
      return (
        `the engine cannot connect to the object storage${cause}. Clients cannot connect. Check the host and port in ` +
        "`spec.storage.objectStorage.endpoint`. If the endpoint is a Service, permit the port of its pods with `spec.networkPolicy.egress`."
      );
    case "EndpointNotTrusted":
      return (
        `the engine does not trust the certificate of the object storage${cause}. Clients cannot connect. ` +
        "Set `spec.storage.objectStorage.caRef` to the certificate authority of the endpoint."
      );
    case "ClockSkewed":
      return `the object storage rejects requests because the clock of the node is wrong${cause}. Clients cannot connect. Correct the clock.`;
    case "CredentialsRejected":
      return `the object storage rejects the credentials of the engine${cause}. Clients cannot connect. ${credentialsRemedy(spec)}`;
    case "WrongRegion":
      return `bucket \`${bucket}\` is not in region \`${region}\`${cause}. Clients cannot connect. Correct \`spec.storage.objectStorage.region\`.`;
    case "BucketNotFound":
      return `the object storage has no bucket \`${bucket}\`${cause}. Clients cannot connect. Create the bucket, or correct \`spec.storage.objectStorage.bucket\`.`;
    case "AccessDenied":
      return (
        `the credentials do not permit the engine to ${STEPS[step ?? "list"]} bucket \`${bucket}\`${cause}. Clients cannot connect. ` +
        "Permit `s3:ListBucket`, `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject` and `s3:AbortMultipartUpload`."
      );
    case "Full":
      return `bucket \`${bucket}\` has no free space or quota${cause}. Uploads fail. Expand the object storage, or delete files.`;
    case "NotResponding":
      return `the object storage does not respond. Transfers can stall. Check the object storage and the network.`;
    case "Failed":
      return `requests to bucket \`${bucket}\` fail${cause}. Transfers can fail. Check the object storage.`;
  }
}

const STEPS: Readonly<Record<NonNullable<ObjectStorageReport["step"]>, string>> = {
  list: "list objects in",
  write: "write objects to",
  read: "read objects from",
  remove: "remove objects from",
};

function credentialsRemedy({
  credentialsSecretRef,
  webIdentity,
}: Pick<FtpServerStorageObjectStorage, "credentialsSecretRef" | "webIdentity">): string {
  if (credentialsSecretRef !== undefined)
    return `Correct \`accessKeyId\` and \`secretAccessKey\` in Secret \`${credentialsSecretRef.name}\`.`;
  if (webIdentity !== undefined)
    return "Check that the role in `spec.storage.objectStorage.webIdentity` exists and trusts the ServiceAccount of the pod.";
  return "Set `spec.storage.objectStorage.credentialsSecretRef` or `webIdentity`, or give the ServiceAccount of the pod a role.";
}
