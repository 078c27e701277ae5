import type { EngineStorage } from "../../api/engine-storage.ts";

/** Returns the directory of the files, or the S3 URL of the bucket and prefix. */
export function placeOf(storage: EngineStorage): string {
  if (!("objectStorage" in storage)) return storage.root;
  const { bucket, prefix } = storage.objectStorage;
  return `s3://${bucket}/${prefix}`;
}
