import { Readable } from "node:stream";
import type {
  $Command,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommandInput,
  S3ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
  StorageClass,
} from "@aws-sdk/client-s3";
import type { EngineObjectStorage } from "../../../../api/engine-storage.ts";
import type { Owner } from "../../../../common/fair-queue.ts";
import { TickBudget } from "../../../../common/tick-budget.ts";
import type { ObjectLimits } from "../limits.ts";
import type { Condition, ObjectBody, ObjectMetadata } from "../object-store.ts";
import { checksumText, damaged, isSameChecksum, malformed } from "./checksums.ts";
import { type Clients, createClients, type Sdk } from "./client.ts";
import type { ObjectAnswer } from "./direct-fields.ts";
import { isPage, type ListAnswer, pageOf, pageText } from "./direct-list.ts";
import type { S3Failure } from "./errors.ts";
import { type AttemptObserver, observed } from "./request-observer.ts";
import { type AttemptOptions, withRetries } from "./retries.ts";

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
  /** Called after each failed attempt to send a request. */
  onFailure?: (failure: S3Failure) => void;
  /** Called after each attempt to send a request. */
  observe?: AttemptObserver;
  /** Event-loop budget for all lookups and listings. Defaults to a separate budget for this bucket. */
  ticks?: TickBudget;
}

/** The fields of a request with a body. */
export interface BodyFields {
  /** The value is undefined if the request is sent without the SDK. */
  Body?: Readable | Uint8Array;
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

/** Sends requests for one bucket. Retries requests that fail with transient errors. */
export class S3Requests {
  readonly limits: ObjectLimits;
  readonly #config: EngineObjectStorage;
  readonly #clients: Clients;
  readonly #onFailure: (failure: S3Failure) => void;
  readonly #observe: AttemptObserver;
  readonly #ticks: TickBudget;

  private constructor(
    {
      config,
      limits,
      onFailure = () => undefined,
      observe = () => undefined,
      ticks = new TickBudget(),
    }: S3Options,
    clients: Clients,
  ) {
    this.limits = limits;
    this.#config = config;
    this.#clients = clients;
    this.#onFailure = onFailure;
    this.#observe = observe;
    this.#ticks = ticks;
  }

  /** Loads the SDK but sends no requests. */
  static async open(options: S3Options): Promise<S3Requests> {
    return new S3Requests(options, await createClients(options.config, options.limits));
  }

  /** Returns an instance that uses the same connections but different limits. */
  variant(limits: Partial<ObjectLimits>): S3Requests {
    const [config, observe, ticks] = [this.#config, this.#observe, this.#ticks];
    const options = { config, limits: { ...this.limits, ...limits }, observe, ticks };
    return new S3Requests(options, this.#clients);
  }

  get sdk(): Sdk {
    return this.#clients.sdk;
  }

  get bucket(): string {
    return this.#config.bucket;
  }

  /** Reads the CA certificates for the endpoint again. */
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
    return this.#repeat(command, attempt, { timeout, signal });
  }

  /** Sends a request with a streamed response. The time limit ends when the response headers arrive. */
  open(
    command: GetObjectCommand,
    signal: AbortSignal,
    isComplete: (answer: ObjectAnswer) => boolean,
  ): Promise<ObjectAnswer> {
    const { direct, downloads } = this.#clients;
    const attempt = async (limit: AbortSignal): Promise<ObjectAnswer> => {
      const ending = new AbortController();
      const end = (): void => ending.abort();
      limit.addEventListener("abort", end);
      signal.addEventListener("abort", end, { once: true });
      try {
        const abortSignal = ending.signal;
        const input = { ...command.input, ChecksumMode: "ENABLED" };
        const answer =
          (await direct.downloads.send("GET", input, abortSignal)) ??
          (await downloads.send(command, { abortSignal }));
        if (isComplete(answer)) return answer;
        ending.abort();
        throw malformed();
      } finally {
        limit.removeEventListener("abort", end);
      }
    };
    return this.#repeat(command, attempt, { timeout: this.limits.requestTimeout, signal });
  }

  /** Sends a request for the properties of an object. */
  head(command: HeadObjectCommand): Promise<ObjectAnswer> {
    const { direct, requests } = this.#clients;
    const pause = this.#ticks.pauseFor(this.#ownerOf(command.input.Key));
    const attempt = async (abortSignal: AbortSignal): Promise<ObjectAnswer> => {
      await pause();
      const answer =
        (await direct.requests.send("HEAD", command.input, abortSignal)) ??
        (await requests.send(command, { abortSignal }));
      await pause();
      if (answer.ETag === undefined) throw malformed();
      return answer;
    };
    return this.#repeat(command, attempt, { timeout: this.limits.requestTimeout });
  }

  /** Sends a request for a listing page. */
  list(command: ListObjectsV2Command): Promise<ListAnswer> {
    const { direct, requests } = this.#clients;
    const input = { ...command.input, ListType: 2 };
    const pause = this.#ticks.pauseFor(this.#ownerOf(command.input.Prefix));
    const attempt = async (abortSignal: AbortSignal): Promise<ListAnswer> => {
      await pause();
      const answer = await direct.requests.send("GET", input, abortSignal);
      const xml = answer && (await pageText(answer.Body));
      await pause();
      // The SDK ignores an error within a page.
      if (xml?.includes("<Error>")) throw malformed();
      const page =
        (xml === undefined ? undefined : pageOf(xml)) ?? (await requests.send(command, { abortSignal }));
      if (!isPage(page)) throw malformed();
      return page;
    };
    return this.#repeat(command, attempt, { timeout: this.limits.requestTimeout });
  }

  /** Returns the owner of a request in the event-loop budget: the top-level directory, usually the home of a user. */
  #ownerOf(key = ""): Owner {
    const path = key.slice(this.#config.prefix.length).replace(/^\//u, "");
    return [path.split("/", 1)[0] ?? ""];
  }

  /** Sends a body, and compares its checksum with the checksum in the response. */
  sendBody<I extends ServiceInputTypes, O extends ServiceOutputTypes & ObjectAnswer>(
    operation: "PutObject" | "UploadPart",
    body: ObjectBody,
    commandFor: (fields: BodyFields) => Command<I, O>,
    signal?: AbortSignal,
  ): Promise<ObjectAnswer> {
    const { md5 } = body;
    const checksum = md5 === undefined ? { ChecksumCRC32: checksumText(body.crc32) } : { ContentMD5: md5 };
    const fields = { ContentLength: body.bytes, ...checksum };
    const { input } = commandFor(fields);
    const { direct } = this.#clients;
    const attempt = async (abortSignal: AbortSignal): Promise<ObjectAnswer> => {
      const found =
        (await direct.requests.send("PUT", input, abortSignal, body)) ??
        (await this.#sendStream(body, (Body) => commandFor({ ...fields, Body }), abortSignal));
      if (found.ETag === undefined) throw malformed();
      if (!isSameChecksum(found.ChecksumCRC32, body.crc32)) throw damaged();
      return found;
    };
    return this.#repeat(operation, attempt, { timeout: this.limits.sendTimeout, signal });
  }

  /** Sends a body through the SDK. */
  async #sendStream<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
    body: ObjectBody,
    commandFor: (stream: Readable | Uint8Array) => Command<I, O>,
    abortSignal: AbortSignal,
  ): Promise<O> {
    const stream = body.whole ?? Readable.from(copiesOf(body), { objectMode: false });
    try {
      return await this.#clients.requests.send(commandFor(stream), { abortSignal });
    } finally {
      if (stream instanceof Readable) stream.destroy();
    }
  }

  #repeat<T>(
    command: object | string,
    attempt: (signal: AbortSignal) => Promise<T>,
    options: AttemptOptions,
  ): Promise<T> {
    const operation = typeof command === "string" ? command : operationOf(command);
    const isAborted = (): boolean => options.signal?.aborted === true;
    const seen = observed(operation, attempt, this.#observe, isAborted);
    return withRetries(seen, this.limits, options, this.#onFailure);
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

  /** Returns the value of the `x-amz-copy-source` header, which identifies the source of a copy. */
  copySource(key: string): string {
    return encodeURIComponent(`${this.bucket}/${key}`).replaceAll("%2F", "/");
  }
}

/** Copies the chunks, because a stream reads ahead. */
async function* copiesOf(body: ObjectBody): AsyncGenerator<Uint8Array> {
  for await (const chunks of body.open()) yield Buffer.concat(chunks);
}

/** Returns the S3 operation of an SDK command, for example `HeadObject`. */
function operationOf(command: object): string {
  return command.constructor.name.replace(/Command$/u, "");
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
