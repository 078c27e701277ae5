import { unescape } from "node:querystring";
import { Readable } from "node:stream";
import { Semaphore } from "../../../../common/semaphore.ts";
import { EngineError } from "../../../errors.ts";
import type { ObjectLimits } from "../limits.ts";
import type {
  Condition,
  CopySource,
  ListOptions,
  ListPage,
  MultipartUploads,
  ObjectBody,
  ObjectFacts,
  ObjectMetadata,
  ObjectStore,
  OpenedObject,
  Stored,
  StoreOptions,
} from "../object-store.ts";
import { checksumOf, digestsOf } from "./checksums.ts";
import { S3MultipartUploads } from "./multipart.ts";
import type { ObjectAnswer } from "./direct-fields.ts";
import { lacksReason } from "./errors.ts";
import { conditionFields } from "./request-fields.ts";
import { S3Requests, type S3Options } from "./requests.ts";

/** A bucket in Amazon S3 or a compatible service. */
export class S3Store implements ObjectStore {
  readonly multipart: MultipartUploads;
  readonly #requests: S3Requests;
  readonly #pages: Semaphore;

  private constructor(requests: S3Requests) {
    this.#requests = requests;
    this.#pages = new Semaphore(requests.limits.pageRequests);
    this.multipart = new S3MultipartUploads(requests);
  }

  /** Loads the SDK but sends no requests. */
  static async open(options: S3Options): Promise<S3Store> {
    return new S3Store(await S3Requests.open(options));
  }

  /**
   * Returns a store that uses the same connections but different limits. The returned store does not report failures.
   */
  variant(limits: Partial<ObjectLimits>): S3Store {
    return new S3Store(this.#requests.variant(limits));
  }

  /** Closes all connections, including connections of stores that share them. */
  close(): void {
    this.#requests.close();
  }

  /** Reads the CA certificates for the endpoint again. */
  refreshCa(): Promise<void> {
    return this.#requests.refreshCa();
  }

  async head(key: string): Promise<ObjectFacts | undefined> {
    const { sdk, bucket } = this.#requests;
    const command = new sdk.HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: "ENABLED" });
    try {
      const found = await this.#requests.head(command).catch(ignoreAbsence);
      return found && factsOf(found, found.ContentLength ?? 0);
    } catch (error) {
      if (!lacksReason(error)) throw error;
      return await this.#headWithReason(key);
    }
  }

  async open(key: string, offset: number, signal: AbortSignal): Promise<OpenedObject | undefined> {
    const { sdk, bucket } = this.#requests;
    // Requests at offset 0 have no range, because no range is valid for an empty object. In addition, the response to a
    // range request can omit the checksum.
    const range = offset === 0 ? {} : { Range: `bytes=${offset}-` };
    const command = new sdk.GetObjectCommand({ Bucket: bucket, Key: key, ...range });
    const found = await this.#requests
      .open(command, signal, (answer) => hasEtag(answer) && isConsistent(answer, offset))
      .catch(ignoreAbsence);
    return found && { facts: factsOf(found, sizeOf(found, offset) ?? 0), stream: bodyOf(found) };
  }

  async get(
    key: string,
    { offset, etag }: { offset: number; etag: string },
    signal: AbortSignal,
  ): Promise<Readable> {
    const { sdk, bucket } = this.#requests;
    const input = { Bucket: bucket, Key: key, Range: `bytes=${offset}-`, IfMatch: etag };
    const command = new sdk.GetObjectCommand(input);
    return bodyOf(
      await this.#requests.open(
        command,
        signal,
        (answer) => answer.ETag === etag && sizeOf(answer, offset) !== undefined,
      ),
    );
  }

  async put(
    key: string,
    body: ObjectBody,
    { metadata, condition }: StoreOptions & Condition = {},
    signal?: AbortSignal,
  ): Promise<Stored> {
    const { sdk } = this.#requests;
    const input = { ...this.#requests.target(key, metadata), ...conditionFields(condition) };
    const { ETag: etag = "" } = await this.#requests.sendBody(
      body,
      (fields) => new sdk.PutObjectCommand({ ...input, ...fields }),
      signal,
    );
    return { etag };
  }

  list(prefix: string, options: ListOptions = {}): Promise<ListPage> {
    // Lookups do not wait for listings, because lookups read only a few keys.
    if (options.max !== undefined) return this.#list(prefix, options);
    return this.#pages.run(() => this.#list(prefix, options), { owner: [prefix] });
  }

  async #list(prefix: string, { delimiter, token, max, pageKeys }: ListOptions): Promise<ListPage> {
    const { sdk, bucket, limits } = this.#requests;
    const command = new sdk.ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      // XML cannot represent some control characters.
      EncodingType: "url",
      ...(delimiter !== undefined && { Delimiter: delimiter }),
      ...(token !== undefined && { ContinuationToken: token }),
      MaxKeys: max ?? pageKeys ?? limits.pageKeys,
    });
    const page = await this.#requests.list(command);
    const decode = page.EncodingType === "url" ? decodeKey : copyOf;
    return {
      objects: (page.Contents ?? []).map((one) => ({
        key: decode(one.Key ?? ""),
        size: one.Size ?? 0,
        modified: one.LastModified ?? new Date(0),
        etag: copyOf(one.ETag ?? ""),
      })),
      prefixes: (page.CommonPrefixes ?? []).map((one) => decode(one.Prefix ?? "")),
      next: page.IsTruncated === true ? copyOf(page.NextContinuationToken ?? "") : undefined,
    };
  }

  async copy(source: CopySource, to: string, metadata?: ObjectMetadata): Promise<Stored> {
    const { sdk } = this.#requests;
    const command = new sdk.CopyObjectCommand({
      ...this.#requests.target(to, metadata),
      CopySource: this.#requests.copySource(source.key),
      CopySourceIfMatch: source.etag,
      MetadataDirective: metadata === undefined ? "COPY" : "REPLACE",
    });
    return { etag: await this.#requests.copy(command) };
  }

  async remove(key: string, etag?: string): Promise<void> {
    // A request without a key would remove the bucket.
    if (key === "") throw new EngineError("Internal", "An object without a key cannot be removed");
    const { sdk, bucket } = this.#requests;
    const input = { Bucket: bucket, Key: key, ...(etag !== undefined && { IfMatch: etag }) };
    await this.#requests.remove(new sdk.DeleteObjectCommand(input)).catch(ignoreAbsence);
  }

  async removeAll(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const { sdk, bucket } = this.#requests;
    const objects = keys.map((key) => ({ Key: key }));
    const { Deleted: deleted = [] } = await this.#requests.send(
      new sdk.DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects } }),
    );
    if (new Set(deleted.map(({ Key }) => Key)).size < new Set(keys).size)
      throw new EngineError("StorageUnavailable", "The object storage did not remove all objects");
  }

  /** Returns the properties of an object with GetObject, because a GetObject error contains its reason. */
  async #headWithReason(key: string): Promise<ObjectFacts | undefined> {
    const opened = await this.open(key, 0, new AbortController().signal);
    opened?.stream.on("error", () => undefined).destroy();
    return opened?.facts;
  }
}

/** @param size size of the complete object in bytes */
function factsOf(found: ObjectAnswer, size: number): ObjectFacts {
  return {
    size,
    modified: found.LastModified ?? new Date(0),
    etag: found.ETag ?? "",
    metadata: { user: found.Metadata ?? {}, contentType: found.ContentType },
    crc32: found.ChecksumType === "FULL_OBJECT" ? checksumOf(found.ChecksumCRC32) : undefined,
    digests: digestsOf(found),
  };
}

/**
 * Returns the size of the complete object. Returns undefined if the response does not begin at the offset, because some
 * services ignore ranges.
 */
function sizeOf({ ContentRange: range, ContentLength: length }: ObjectAnswer, offset: number) {
  if (offset === 0) return length;
  const { start, size } = /^bytes (?<start>\d+)-\d+\/(?<size>\d+)$/u.exec(range ?? "")?.groups ?? {};
  return start === String(offset) ? Number(size) : undefined;
}

/**
 * Returns whether the size of a response is known and consistent with its checksum. The CRC-32 of an empty object is 0.
 */
function isConsistent(answer: ObjectAnswer, offset: number): boolean {
  const size = sizeOf(answer, offset);
  return size !== undefined && (size > 0 || (checksumOf(answer.ChecksumCRC32) ?? 0) === 0);
}

function bodyOf({ Body: body }: ObjectAnswer): Readable {
  if (body instanceof Readable) return body;
  throw new EngineError("Internal", "Error of the object storage");
}

function hasEtag({ ETag: etag }: { ETag?: string | undefined }): boolean {
  return etag !== undefined;
}

function ignoreAbsence(error: unknown): undefined {
  if (!(error instanceof EngineError && error.code === "NotFound")) throw error;
}

/** Returns a copy of a text from a page, so that the text does not keep the complete page in memory. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

/**
 * Decodes a key in a listing. Amazon S3 encodes a space as `+`. Replaces bytes that are not UTF-8 with U+FFFD, so that
 * one invalid key does not prevent the listing of its directory.
 */
export function decodeKey(text: string): string {
  return unescape(text.replaceAll("+", " "));
}
