import type { EngineStorage } from "../../api/engine-storage.ts";

/** Returns the directory that contains the files, or the S3 URL that contains the bucket and the prefix. */
export function placeOf(storage: EngineStorage): string {
  if (!("objectStorage" in storage)) return storage.root;
  const { bucket, prefix } = storage.objectStorage;
  return `s3://${bucket}/${prefix}`;
}
