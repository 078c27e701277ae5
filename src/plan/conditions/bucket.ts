import type { ObjectStorageReport, StorageReport } from "../../api/engine-report.ts";
import type { FtpServerStorageObjectStorage } from "../../api/ftpserver.generated.ts";
import type { PlannedState } from "../model/decision.ts";
import { conditionValue } from "./condition.ts";
import type { ConditionValue, PodReport } from "./condition.ts";
import type { ReasonOf } from "./reasons.ts";

/** Condition reasons by bucket fault. The faults are sorted by severity, most severe first. */
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

/** Returns the most severe fault of the bucket in `spec.storage`, or undefined if no engine reports a fault. */
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
    const { code, step = "list" } = found.storage;
    const cause = code === undefined ? "" : ` (${code})`;
    const sentences = SENTENCES[fault]({ storage: storage.storage, cause, step });
    const message = `In pod \`${found.pod}\`, ${sentences}`;
    return conditionValue("StorageReady", BUCKET_REASONS[fault], message, { warn: true });
  }
  return undefined;
}

/** Values for messages about a bucket. */
interface Details {
  storage: FtpServerStorageObjectStorage;
  /** Error code in parentheses, or an empty string. */
  cause: string;
  step: NonNullable<ObjectStorageReport["step"]>;
}

const SENTENCES: Readonly<Record<Fault, (details: Details) => string>> = {
  EndpointUnreachable: ({ cause }) =>
    `the engine cannot connect to the object storage${cause}. Clients cannot access files. Check the host and port in ` +
    "`spec.storage.objectStorage.endpoint`. If the endpoint is a Service, permit the port of its pods with `spec.networkPolicy.egress`.",
  EndpointNotTrusted: ({ cause }) =>
    `the engine does not trust the certificate of the object storage${cause}. Clients cannot connect. ` +
    "Set `spec.storage.objectStorage.caRef` to the certificate authority of the endpoint.",
  ClockSkewed: ({ cause }) =>
    `the object storage rejects requests because the clock of the node is wrong${cause}. Clients cannot connect. Correct the clock.`,
  CredentialsRejected: ({ cause, storage }) =>
    `the object storage rejects the credentials of the engine${cause}. Clients cannot connect. ${credentialsRemedy(storage)}`,
  WrongRegion: ({ cause, storage: { bucket, region } }) =>
    `bucket \`${bucket}\` is not in region \`${region}\`${cause}. Clients cannot connect. Correct \`spec.storage.objectStorage.region\`.`,
  BucketNotFound: ({ cause, storage: { bucket } }) =>
    `the object storage has no bucket \`${bucket}\`${cause}. Clients cannot connect. ` +
    "Create the bucket, or correct `spec.storage.objectStorage.bucket`.",
  AccessDenied: ({ cause, step, storage: { bucket } }) =>
    `the credentials do not permit the engine to ${STEPS[step]} bucket \`${bucket}\`${cause}. Clients cannot connect. ` +
    "Permit `s3:ListBucket`, `s3:ListBucketMultipartUploads`, `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject`, " +
    "`s3:AbortMultipartUpload` and `s3:ListMultipartUploadParts`.",
  Failed: ({ cause, storage: { bucket } }) =>
    `requests to bucket \`${bucket}\` fail${cause}. Transfers can fail. Check the object storage.`,
  Full: ({ cause, storage: { bucket } }) =>
    `bucket \`${bucket}\` has no free space or quota${cause}. Uploads fail. Expand the object storage, or delete files.`,
  NotResponding: () =>
    "the object storage does not respond. Transfers can stall. Check the object storage and the network.",
};

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
  return "Set `spec.storage.objectStorage.credentialsSecretRef` or `webIdentity`, or assign a role to the ServiceAccount of the pod.";
}
