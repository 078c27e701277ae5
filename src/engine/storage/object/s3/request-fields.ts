import type { PutObjectCommandInput, ServiceInputTypes, StorageClass } from "@aws-sdk/client-s3";
import type { EngineObjectStorage } from "../../../../api/engine-storage.ts";
import type { Condition, ObjectMetadata } from "../object-store.ts";

/** The common fields of PutObject, CopyObject and CreateMultipartUpload. */
export type TargetFields = ReturnType<typeof targetFields>;

/** Returns the fields that describe a new object. */
export function targetFields(
  { bucket, serverSideEncryption: encryption, storageClass }: EngineObjectStorage,
  key: string,
  metadata: ObjectMetadata | undefined,
) {
  return {
    Bucket: bucket,
    Key: key,
    ...(metadata !== undefined && { Metadata: { ...metadata.user } }),
    ...(metadata?.contentType !== undefined && { ContentType: metadata.contentType }),
    ...(encryption !== undefined && { ServerSideEncryption: encryption.algorithm }),
    ...(encryption?.kmsKeyId !== undefined && { SSEKMSKeyId: encryption.kmsKeyId }),
    ...(storageClass !== undefined && isStorageClass(storageClass) && { StorageClass: storageClass }),
  } satisfies Partial<PutObjectCommandInput>;
}

/** Accepts every name with a valid format, because services other than Amazon S3 have additional storage classes. */
function isStorageClass(text: string): text is StorageClass {
  return /^[\w-]+$/u.test(text);
}

/** Returns the header fields for a condition (RFC 9110 section 13.1). */
export function conditionFields(condition: Condition["condition"]): {
  IfMatch?: string;
  IfNoneMatch?: string;
} {
  if (condition === undefined) return {};
  return condition === "Absent" ? { IfNoneMatch: "*" } : { IfMatch: condition.etag };
}

/** Returns the key of a request, the first of several keys, or the prefix. */
export function keyOf(input: ServiceInputTypes): string {
  if ("Delete" in input) return input.Delete?.Objects?.[0]?.Key ?? "";
  return ("Key" in input ? input.Key : "Prefix" in input ? input.Prefix : undefined) ?? "";
}
