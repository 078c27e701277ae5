import type { Readable } from "node:stream";

/**
 * Operations on the objects in one bucket. Keys include all prefixes.
 * All methods reject with EngineError.
 */
export interface ObjectStore {
  /** Returns the properties of an object, or undefined if the object does not exist. */
  head(key: string): Promise<ObjectFacts | undefined>;
  /** Opens an object for reading from an offset. @throws EngineError Conflict if the object has a different ETag */
  get(key: string, from: { offset: number; etag: string }, signal: AbortSignal): Promise<Readable>;
  /**
   * Opens an object for reading from an offset with one request, and returns its properties. Returns undefined if the
   * object does not exist.
   * @throws EngineError InvalidOffset if the object has no bytes after the offset
   */
  open(key: string, offset: number, signal: AbortSignal): Promise<OpenedObject | undefined>;
  /** Stores a complete object. */
  put(
    key: string,
    body: ObjectBody,
    options?: StoreOptions & Condition,
    signal?: AbortSignal,
  ): Promise<Stored>;
  /** Returns one page of keys in byte order. */
  list(prefix: string, options?: ListOptions): Promise<ListPage>;
  /** Copies an object inside the service. `metadata` defaults to the metadata of the source. */
  copy(source: CopySource, to: string, metadata?: ObjectMetadata): Promise<Stored>;
  /** Removes an object if it exists. @param etag version to remove, for services that support this condition */
  remove(key: string, etag?: string): Promise<void>;
  /** Removes up to `REMOVED_TOGETHER` objects. @throws EngineError if an object cannot be removed */
  removeAll(keys: readonly string[]): Promise<void>;
  readonly multipart: MultipartUploads;
}

/**
 * Multipart uploads to one bucket. The completion of an upload combines its parts into one object. All methods reject
 * with EngineError.
 */
export interface MultipartUploads {
  /** Starts an upload and returns its ID. */
  create(key: string, options: StoreOptions & { hasChecksum: boolean }): Promise<string>;
  uploadPart(target: PartTarget, body: ObjectBody, signal?: AbortSignal): Promise<Part>;
  /** Copies a byte range from an object into a part inside the service. The range excludes `end`. */
  copyPart(target: PartTarget, source: CopyRange, signal?: AbortSignal): Promise<Part>;
  complete(target: UploadId, parts: readonly Part[], options: Completion): Promise<Stored>;
  /** Removes an incomplete upload and its parts, if the upload exists. */
  abort(target: UploadId): Promise<void>;
  /**
   * Returns the time at which the last part was stored, in milliseconds since the epoch, or 0 without parts. Returns
   * undefined if the upload does not exist.
   */
  lastPart(target: UploadId): Promise<number | undefined>;
  /** Yields the incomplete uploads with a key prefix, in pages. */
  list(prefix: string): AsyncIterable<readonly StartedUpload[]>;
}

/** The part of a bucket that contains undelivered events. Clients cannot access this part. */
export interface EventBucket {
  readonly store: ObjectStore;
  /** Returns the key prefix for an FtpServer's undelivered events. @param source unique name of the FtpServer */
  prefixOf(source: string): string;
}

/** Maximum number of keys that one request can remove. */
export const REMOVED_TOGETHER = 1000;

/** Metadata of an object. The keys of user metadata are in lower case. */
export interface ObjectMetadata {
  readonly user: Readonly<Record<string, string>>;
  readonly contentType?: string | undefined;
}

export interface ObjectFacts {
  readonly size: number;
  readonly modified: Date;
  readonly etag: string;
  readonly metadata: ObjectMetadata;
  /** CRC-32 of the complete object. The value is undefined if the service does not report a CRC-32. */
  readonly crc32: number | undefined;
  /** Checksums of the complete object in lower-case hexadecimal digits, keyed by HASH algorithm. */
  readonly digests: ReadonlyMap<string, string>;
}

export interface OpenedObject {
  readonly facts: ObjectFacts;
  /** Bytes from the offset to the end of the object. */
  readonly stream: Readable;
}

/** Bytes to store. Each attempt to send the body can read the bytes again. */
export interface ObjectBody {
  readonly bytes: number;
  readonly crc32: number;
  /** MD5 in Base64, for parts of an upload without a CRC-32. */
  readonly md5?: string | undefined;
  /**
   * Complete content, if the content is small and in memory. Reading this content takes less time than calling `open`.
   */
  readonly whole?: Uint8Array | undefined;
  /** Yields the bytes in groups of chunks. A group is valid until the calling function requests the next group. */
  open(): AsyncIterable<readonly Uint8Array[]>;
}

export interface StoreOptions {
  readonly metadata?: ObjectMetadata;
}

/** Required state of a key: no object (`Absent`), or an object with the given ETag. */
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
  /** Number of the part, starting at 1. */
  readonly number: number;
}

export interface Part {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
  /** CRC-32 of the part. The value is undefined for a copied part if the service does not report a CRC-32. */
  readonly crc32: number | undefined;
}

export interface Completion extends Condition {
  readonly bytes: number;
  /** CRC-32 of the complete object. The value is undefined if the upload has no checksum. */
  readonly crc32: number | undefined;
}

export interface ListOptions {
  /** Delimiter that groups all keys with another `/` after the prefix. */
  readonly delimiter?: "/";
  /** Token from the previous page, which continues the listing. */
  readonly token?: string | undefined;
  /** Maximum number of keys for a lookup, which does not wait for listings. */
  readonly max?: number;
  /** Maximum number of keys in a page of a listing. Defaults to the limit `pageKeys`. */
  readonly pageKeys?: number | undefined;
}

export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly modified: Date;
  readonly etag: string;
}

export interface ListPage {
  readonly objects: readonly ListedObject[];
  /** Common prefixes of grouped keys. Each prefix ends with the delimiter. */
  readonly prefixes: readonly string[];
  /** Token for the next page. The value is undefined for the last page. */
  readonly next: string | undefined;
}

export interface StartedUpload extends UploadId {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}
