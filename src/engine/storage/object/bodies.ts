import { crc32 } from "node:zlib";
import { randomUUID } from "node:crypto";
import { EARLIEST_TIME, LATEST_TIME } from "../storage.ts";
import type { Condition, ObjectBody, ObjectMetadata, ObjectStore } from "./object-store.ts";

/** Returns the body of a small object in memory. */
export function bodyOf(content: string | Uint8Array): ObjectBody {
  const bytes = Buffer.from(content);
  return {
    bytes: bytes.length,
    crc32: crc32(bytes),
    whole: bytes,
    async *open() {
      yield [bytes];
    },
  };
}

/** Copies the chunks of a body, because a stream reads ahead. */
export async function* copiesOf(body: ObjectBody): AsyncGenerator<Uint8Array> {
  for await (const chunks of body.open()) yield Buffer.concat(chunks);
}

export const EMPTY = bodyOf("");
const MARKER = { user: {}, contentType: "application/x-directory" };

/** Stores the marker object of a directory. @param key prefix of the directory */
export async function putMarker(
  store: ObjectStore,
  key: string,
  condition?: Condition["condition"],
): Promise<void> {
  await store.put(key, EMPTY, { metadata: MARKER, condition });
}

/** Metadata key for the ID of the upload. After a lost response, the ID shows whether the request stored the object. */
const UPLOAD_ID = "ftp-operator-upload";

/** Returns a copy of the metadata with a new upload ID. */
export function newIdentity(metadata: ObjectMetadata = { user: {} }): ObjectMetadata {
  return { ...metadata, user: { ...metadata.user, [UPLOAD_ID]: randomUUID() } };
}

/** Returns whether two objects come from the same upload. */
export function isSameUpload(one: ObjectMetadata, other: ObjectMetadata): boolean {
  const id = one.user[UPLOAD_ID];
  return id !== undefined && id === other.user[UPLOAD_ID];
}

/** Metadata key for the modification time in seconds since the epoch, as in rclone. */
const MODIFIED = "mtime";

/**
 * Returns the modification time from the metadata. Returns undefined if the time is missing or FTP cannot express it.
 */
export function modifiedOf({ user }: ObjectMetadata): Date | undefined {
  const text = user[MODIFIED];
  if (text === undefined || !/^-?\d{1,12}(?:\.\d{1,12})?$/u.test(text)) return undefined;
  const milliseconds = Number(text) * 1000;
  return milliseconds >= EARLIEST_TIME && milliseconds <= LATEST_TIME ? new Date(milliseconds) : undefined;
}

/** Returns a copy of the metadata with the given modification time. */
export function withModified(metadata: ObjectMetadata, time: Date): ObjectMetadata {
  return { ...metadata, user: { ...metadata.user, [MODIFIED]: String(time.getTime() / 1000) } };
}
