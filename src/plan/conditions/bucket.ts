import type { ObjectStorageReport } from "../../api/engine-report.ts";
import type { FtpServerStorageObjectStorage } from "../../api/ftpserver.generated.ts";
import { conditionValue } from "./condition.ts";
import type { ConditionValue } from "./condition.ts";
import type { ReasonOf } from "./reasons.ts";
import { faultIn, fieldOf, scopeOf, type StorageSubject, unusable } from "./storage-subject.ts";

/** Condition reasons, keyed by bucket fault. The faults are sorted by severity, most severe first. */
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

/** Returns the most severe fault of a bucket, or undefined if no engine reports a fault. */
export function bucketFault(subject: StorageSubject): ConditionValue | undefined {
  const { storage, reports } = subject;
  if (storage.type !== "ObjectStorage") return undefined;
  const buckets = reports.flatMap(({ pod, storage: one }) =>
    one.type === "ObjectStorage" ? [{ pod, storage: one }] : [],
  );
  for (const fault of FAULT_ORDER) {
    const found = buckets.find((one) => one.storage.state === fault);
    if (found === undefined) continue;
    const { code, step = "list" } = found.storage;
    const cause = code === undefined ? "" : ` (${code})`;
    const sentences = SENTENCES[fault]({ subject, storage: storage.storage, cause, step });
    const message = `${faultIn(found.pod, subject)}${sentences}`;
    return conditionValue("StorageReady", BUCKET_REASONS[fault], message, { warn: true });
  }
  return undefined;
}

/** Values that the messages about a bucket contain. */
interface Details {
  subject: StorageSubject;
  storage: FtpServerStorageObjectStorage;
  /** Error code in parentheses, or an empty string. */
  cause: string;
  step: NonNullable<ObjectStorageReport["step"]>;
}

const SENTENCES: Readonly<Record<Fault, (details: Details) => string>> = {
  EndpointUnreachable: ({ cause, subject }) =>
    `the engine cannot connect to the object storage${cause}. Clients cannot access files${scopeOf(subject)}. Check the host and port in ` +
    `${fieldOf(subject, "objectStorage.endpoint")}. If the endpoint is a Service, permit the port of its pods with \`spec.networkPolicy.egress\`.`,
  EndpointNotTrusted: ({ cause, subject }) =>
    `the engine does not trust the certificate of the object storage${cause}. ${unusable(subject)} ` +
    `If the certificate is valid, set ${fieldOf(subject, "objectStorage.caRef")} to its certificate authority. Otherwise, replace the certificate.`,
  ClockSkewed: ({ cause, subject }) =>
    `the object storage rejects requests because the clock of the node is wrong${cause}. ${unusable(subject)} Correct the clock of the node.`,
  CredentialsRejected: ({ cause, storage, subject }) =>
    `the object storage rejects the credentials of the engine${cause}. ${unusable(subject)} ${credentialsRemedy(storage, subject)}`,
  WrongRegion: ({ cause, subject, storage: { bucket, region } }) =>
    `bucket \`${bucket}\` is not in region \`${region}\`${cause}. ${unusable(subject)} Correct ${fieldOf(subject, "objectStorage.region")}.`,
  BucketNotFound: ({ cause, subject, storage: { bucket } }) =>
    `the object storage has no bucket \`${bucket}\`${cause}. ${unusable(subject)} ` +
    `Create the bucket, or correct ${fieldOf(subject, "objectStorage.bucket")}.`,
  AccessDenied: ({ cause, step, subject, storage: { bucket } }) =>
    `the credentials do not permit the engine to ${STEPS[step]} bucket \`${bucket}\`${cause}. ${unusable(subject)} ` +
    "Permit `s3:ListBucket`, `s3:ListBucketMultipartUploads`, `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject`, " +
    "`s3:AbortMultipartUpload` and `s3:ListMultipartUploadParts`.",
  Failed: ({ cause, subject, storage: { bucket } }) =>
    `requests to bucket \`${bucket}\` fail${cause}. Transfers${scopeOf(subject)} can fail. Check the object storage.`,
  Full: ({ cause, subject, storage: { bucket } }) =>
    `bucket \`${bucket}\` has no free space or no remaining quota${cause}. Uploads${scopeOf(subject)} fail. Expand the object storage, increase its quota, or delete files.`,
  NotResponding: ({ subject }) =>
    `the object storage does not respond. Transfers${scopeOf(subject)} can stall. Check the object storage and the network.`,
};

const STEPS: Readonly<Record<NonNullable<ObjectStorageReport["step"]>, string>> = {
  list: "list objects in",
  write: "write objects to",
  read: "read objects from",
  remove: "remove objects from",
};

function credentialsRemedy(
  {
    credentialsSecretRef,
    webIdentity,
  }: Pick<FtpServerStorageObjectStorage, "credentialsSecretRef" | "webIdentity">,
  subject: StorageSubject,
): string {
  if (credentialsSecretRef !== undefined)
    return `Correct \`accessKeyId\` and \`secretAccessKey\` in Secret \`${credentialsSecretRef.name}\`.`;
  if (webIdentity !== undefined)
    return `Check that the role in ${fieldOf(subject, "objectStorage.webIdentity")} exists and trusts the ServiceAccount of the pod.`;
  return (
    `Set ${fieldOf(subject, "objectStorage.credentialsSecretRef")} or ${fieldOf(subject, "objectStorage.webIdentity")}, ` +
    "or assign a role to the ServiceAccount of the pod."
  );
}
