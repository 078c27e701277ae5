import type { Readable } from "node:stream";

/**
 * Operations on objects in one bucket. Keys are complete.
 *
 * All methods reject with EngineError.
 */
export interface ObjectStore {
  /** Returns the facts of an object. Undefined when there is none. */
  head(key: string): Promise<ObjectFacts | undefined>;
  /** Opens the bytes of an object from an offset. @throws EngineError Conflict when the ETag of the object is different */
  get(key: string, from: { offset: number; etag: string }, signal: AbortSignal): Promise<Readable>;
  /** Stores a complete object. */
  put(
    key: string,
    body: ObjectBody,
    options?: StoreOptions & Condition,
    signal?: AbortSignal,
  ): Promise<Stored>;
  /** Returns one page of keys in byte order. */
  list(prefix: string, options?: ListOptions): Promise<ListPage>;
  /** Copies an object within the server. Without `metadata`, the copy has the metadata of the source. */
  copy(source: CopySource, to: string, metadata?: ObjectMetadata): Promise<Stored>;
  /** Removes an object if it exists. @param etag removes only this version, on servers that support the condition */
  remove(key: string, etag?: string): Promise<void>;
  /** Removes up to REMOVED_TOGETHER objects. @throws EngineError when one of them cannot be removed */
  removeAll(keys: readonly string[]): Promise<void>;
  readonly multipart: MultipartUploads;
}

/** Multipart uploads. The parts become one object when the upload is completed. All methods reject with EngineError. */
export interface MultipartUploads {
  /** Begins an upload and returns its ID. */
  create(key: string, options: StoreOptions & { hasChecksum: boolean }): Promise<string>;
  uploadPart(target: PartTarget, body: ObjectBody, signal?: AbortSignal): Promise<Part>;
  /** Copies the bytes of an object from `start` up to and excluding `end` into a part, within the server. */
  copyPart(target: PartTarget, source: CopyRange, signal?: AbortSignal): Promise<Part>;
  complete(target: UploadId, parts: readonly Part[], options: Completion): Promise<Stored>;
  /** Removes an incomplete upload and its parts, if it exists. */
  abort(target: UploadId): Promise<void>;
  /** Returns the time of the last part of an incomplete upload. Returns 0 without parts, and undefined without such an upload. */
  lastPart(target: UploadId): Promise<number | undefined>;
  /** Yields the incomplete uploads below a prefix, page by page. */
  list(prefix: string): AsyncIterable<readonly StartedUpload[]>;
}

/** Maximum number of keys that one request can remove. */
export const REMOVED_TOGETHER = 1000;

/** Metadata of an object. Names are in lower case. */
export interface ObjectMetadata {
  readonly user: Readonly<Record<string, string>>;
  readonly contentType?: string | undefined;
}

export interface ObjectFacts {
  readonly size: number;
  readonly modified: Date;
  readonly etag: string;
  readonly metadata: ObjectMetadata;
  /** CRC-32 of the complete object. Undefined when the server has none. */
  readonly crc32: number | undefined;
}

/** Bytes to store. Each attempt reads the bytes from the beginning. */
export interface ObjectBody {
  readonly bytes: number;
  readonly crc32: number;
  /** MD5 in base64, for parts of an upload without a checksum. */
  readonly md5?: string | undefined;
  open(): AsyncIterable<Uint8Array>;
}

export interface StoreOptions {
  readonly metadata?: ObjectMetadata;
}

/** Required state of the key: no object ("*" in HTTP), or an object with this ETag. */
export interface Condition {
  readonly condition?: "Absent" | { readonly etag: string } | undefined;
}

export interface Stored {
  readonly etag: string;
}

export interface CopySource {
  readonly key: string;
  readonly etag: string;
}

export interface CopyRange extends CopySource {
  readonly start: number;
  readonly end: number;
}

export interface UploadId {
  readonly key: string;
  readonly uploadId: string;
}

export interface PartTarget extends UploadId {
  /** Part number. The first part has the number 1. */
  readonly number: number;
}

export interface Part {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
  /** Undefined when the server reports no checksum for a copied part. */
  readonly crc32: number | undefined;
}

export interface Completion extends Condition {
  readonly bytes: number;
  /** CRC-32 of the complete object. Undefined when the upload has no checksum. */
  readonly crc32: number | undefined;
}

export interface ListOptions {
  /** The delimiter "/" groups keys with a further "/" as prefixes. */
  readonly delimiter?: "/";
  /** Token from the page before. */
  readonly token?: string | undefined;
  readonly max?: number;
}

export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly modified: Date;
  readonly etag: string;
}

export interface ListPage {
  readonly objects: readonly ListedObject[];
  /** Prefixes that end with the delimiter. */
  readonly prefixes: readonly string[];
  /** Token for the next page. Undefined on the last page. */
  readonly next: string | undefined;
}

export interface StartedUpload extends UploadId {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}
