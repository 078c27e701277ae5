import { Readable } from "node:stream";
import type {
  $Command,
  PutObjectCommandInput,
  S3ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
  StorageClass,
} from "@aws-sdk/client-s3";
import type { EngineObjectStorage } from "../../../../api/engine-config.ts";
import type { ObjectLimits } from "../limits.ts";
import type { Condition, ObjectBody, ObjectMetadata } from "../object-store.ts";
import { checksumText, damaged, isSameChecksum, malformed } from "./checksums.ts";
import { type Clients, createClients, type Sdk } from "./client.ts";
import type { S3Failure } from "./errors.ts";
import { withRetries } from "./retries.ts";

type Command<I extends ServiceInputTypes, O extends ServiceOutputTypes> = $Command<
  I,
  O,
  S3ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>;

export interface S3Options {
  config: EngineObjectStorage;
  limits: ObjectLimits;
  /** Called after each failed attempt of a request. */
  onFailure?: (failure: S3Failure) => void;
}

/** The fields of a request with a body. */
export interface BodyFields {
  Body: Readable;
  ContentLength: number;
  ChecksumCRC32?: string;
  ContentMD5?: string;
}

/** Time limit, abort signal and response check for a request. */
export interface Sending<O> {
  timeout?: number;
  signal?: AbortSignal | undefined;
  isComplete?: (answer: O) => boolean;
}

/** Sends requests for one bucket. Repeats requests that fail with transient errors. */
export class S3Requests {
  readonly limits: ObjectLimits;
  readonly #config: EngineObjectStorage;
  readonly #clients: Clients;
  readonly #onFailure: (failure: S3Failure) => void;

  private constructor({ config, limits, onFailure = () => undefined }: S3Options, clients: Clients) {
    this.limits = limits;
    this.#config = config;
    this.#clients = clients;
    this.#onFailure = onFailure;
  }

  /** Loads the SDK but sends no requests. */
  static async open(options: S3Options): Promise<S3Requests> {
    return new S3Requests(options, await createClients(options.config, options.limits));
  }

  /** Returns an instance with different limits that uses the same connections. */
  variant(limits: Partial<ObjectLimits>): S3Requests {
    return new S3Requests({ config: this.#config, limits: { ...this.limits, ...limits } }, this.#clients);
  }

  get sdk(): Sdk {
    return this.#clients.sdk;
  }

  get bucket(): string {
    return this.#config.bucket;
  }

  /** Reads the CA certificates of the endpoint again. */
  refreshCa(): Promise<void> {
    return this.#clients.ca.refresh();
  }

  close(): void {
    this.#clients.destroy();
  }

  send<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
    command: Command<I, O>,
    { timeout = this.limits.requestTimeout, signal, isComplete = () => true }: Sending<O> = {},
  ): Promise<O> {
    const attempt = async (abortSignal: AbortSignal): Promise<O> => {
      const answer = await this.#clients.requests.send(command, { abortSignal });
      if (!isComplete(answer)) throw malformed();
      return answer;
    };
    return withRetries(attempt, this.limits, { timeout, signal }, this.#onFailure);
  }

  /** Sends a request with a streamed response. The time limit ends when the response headers arrive. */
  open<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
    command: Command<I, O>,
    signal: AbortSignal,
    isComplete: (answer: O) => boolean,
  ): Promise<O> {
    const attempt = async (limit: AbortSignal): Promise<O> => {
      const ending = new AbortController();
      const end = (): void => ending.abort();
      limit.addEventListener("abort", end);
      try {
        const abortSignal = AbortSignal.any([ending.signal, signal]);
        const answer = await this.#clients.downloads.send(command, { abortSignal });
        if (isComplete(answer)) return answer;
        ending.abort();
        throw malformed();
      } finally {
        limit.removeEventListener("abort", end);
      }
    };
    const options = { timeout: this.limits.requestTimeout, signal };
    return withRetries(attempt, this.limits, options, this.#onFailure);
  }

  /** Sends a body, and compares its checksum with the checksum in the response. */
  sendBody<
    I extends ServiceInputTypes,
    O extends ServiceOutputTypes & { ChecksumCRC32?: string | undefined; ETag?: string | undefined },
  >(body: ObjectBody, commandFor: (fields: BodyFields) => Command<I, O>, signal?: AbortSignal): Promise<O> {
    const attempt = async (abortSignal: AbortSignal): Promise<O> => {
      const stream = Readable.from(body.open(), { objectMode: false });
      const { md5 } = body;
      const checksum = md5 === undefined ? { ChecksumCRC32: checksumText(body.crc32) } : { ContentMD5: md5 };
      const fields = { Body: stream, ContentLength: body.bytes, ...checksum };
      try {
        const found = await this.#clients.requests.send(commandFor(fields), { abortSignal });
        if (found.ETag === undefined) throw malformed();
        if (!isSameChecksum(found.ChecksumCRC32, body.crc32)) throw damaged();
        return found;
      } finally {
        stream.destroy();
      }
    };
    return withRetries(attempt, this.limits, { timeout: this.limits.sendTimeout, signal }, this.#onFailure);
  }

  /** Returns the common fields of PutObject, CopyObject and CreateMultipartUpload. */
  target(key: string, metadata: ObjectMetadata | undefined) {
    const { serverSideEncryption: encryption, storageClass } = this.#config;
    return {
      Bucket: this.bucket,
      Key: key,
      ...(metadata !== undefined && { Metadata: { ...metadata.user } }),
      ...(metadata?.contentType !== undefined && { ContentType: metadata.contentType }),
      ...(encryption !== undefined && { ServerSideEncryption: encryption.algorithm }),
      ...(encryption?.kmsKeyId !== undefined && { SSEKMSKeyId: encryption.kmsKeyId }),
      ...(storageClass !== undefined && isStorageClass(storageClass) && { StorageClass: storageClass }),
    } satisfies Partial<PutObjectCommandInput>;
  }

  /** Returns the value of the header `x-amz-copy-source`, which names the source of a copy. */
  copySource(key: string): string {
    return encodeURIComponent(`${this.bucket}/${key}`).replaceAll("%2F", "/");
  }
}

/** Accepts any name, because services other than Amazon S3 have additional storage classes. */
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
