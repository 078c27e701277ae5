import { Readable } from "node:stream";
import type {
  $Command,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from "@aws-sdk/client-s3";
import type { EngineObjectStorage } from "../../../../api/engine-storage.ts";
import type { Owner } from "../../../../common/fair-queue.ts";
import { TickBudget } from "../../../../common/tick-budget.ts";
import type { ObjectLimits } from "../limits.ts";
import type { ObjectBody, ObjectMetadata } from "../object-store.ts";
import { checksumText, damaged, isSameChecksum, malformed } from "./checksums.ts";
import { type Clients, createClients, type Sdk } from "./client.ts";
import type { ObjectAnswer } from "./direct-fields.ts";
import { isPage, type ListAnswer, pageOf, pageText } from "./direct-list.ts";
import type { S3Failure } from "./errors.ts";
import { keyOf, targetFields, type TargetFields } from "./request-fields.ts";
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

  /** Sends a request without a file through the SDK. */
  send<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
    command: Command<I, O>,
    { isComplete = () => true, ...options }: Sending<O> = {},
  ): Promise<O> {
    const attempt = (abortSignal: AbortSignal) => this.#clients.requests.send(command, { abortSignal });
    return this.#paced(command, attempt, checked(isComplete), options);
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
    const attempt = async (abortSignal: AbortSignal): Promise<ObjectAnswer> =>
      (await direct.requests.send("HEAD", command.input, abortSignal)) ??
      (await requests.send(command, { abortSignal }));
    return this.#paced(
      command,
      attempt,
      checked(({ ETag }) => ETag !== undefined),
    );
  }

  /** Sends a request that removes an object. */
  async remove(command: DeleteObjectCommand): Promise<void> {
    const { direct, requests } = this.#clients;
    const attempt = async (abortSignal: AbortSignal): Promise<unknown> =>
      (await direct.requests.send("DELETE", command.input, abortSignal)) ??
      (await requests.send(command, { abortSignal }));
    await this.#paced(command, attempt, () => undefined);
  }

  /** Sends a request for a listing page. */
  list(command: ListObjectsV2Command): Promise<ListAnswer> {
    const { direct, requests } = this.#clients;
    const input = { ...command.input, ListType: 2 };
    const attempt = async (abortSignal: AbortSignal): Promise<string | undefined> => {
      const answer = await direct.requests.send("GET", input, abortSignal);
      return answer && (await pageText(answer.Body));
    };
    const read = async (xml: string | undefined, abortSignal: AbortSignal): Promise<ListAnswer> => {
      // The SDK ignores an error within a page.
      if (xml?.includes("<Error>")) throw malformed();
      const page =
        (xml === undefined ? undefined : pageOf(xml)) ?? (await requests.send(command, { abortSignal }));
      if (!isPage(page)) throw malformed();
      return page;
    };
    return this.#paced(command, attempt, read);
  }

  /**
   * Sends a request without a file. The responses for many sessions can arrive in one tick, so each attempt waits for the
   * event-loop budget before it sends the request and before it handles the response.
   */
  #paced<A, T>(
    command: { readonly input: ServiceInputTypes },
    send: (signal: AbortSignal) => Promise<A>,
    read: (answer: A, signal: AbortSignal) => T | Promise<T>,
    { timeout = this.limits.requestTimeout, signal }: Partial<AttemptOptions> = {},
  ): Promise<T> {
    const pause = this.#ticks.pauseFor(this.#ownerOf(command.input));
    const attempt = async (ending: AbortSignal): Promise<T> => {
      await pause();
      const answer = await send(ending);
      await pause();
      return await read(answer, ending);
    };
    return this.#repeat(command, attempt, { timeout, signal });
  }

  /** Returns the owner of a request in the event-loop budget: the top-level directory, usually the home of a user. */
  #ownerOf(input: ServiceInputTypes): Owner {
    const key = keyOf(input);
    const path = key.slice(this.#config.prefix.length).replace(/^\//u, "");
    return [path.split("/", 1)[0] ?? ""];
  }

  /** Sends a body, and compares its checksum with the checksum in the response. */
  sendBody<I extends ServiceInputTypes, O extends ServiceOutputTypes & ObjectAnswer>(
    body: ObjectBody,
    commandFor: (fields: BodyFields) => Command<I, O>,
    signal?: AbortSignal,
  ): Promise<ObjectAnswer> {
    const { md5 } = body;
    const checksum = md5 === undefined ? { ChecksumCRC32: checksumText(body.crc32) } : { ContentMD5: md5 };
    const fields = { ContentLength: body.bytes, ...checksum };
    const command = commandFor(fields);
    const { direct } = this.#clients;
    const attempt = async (abortSignal: AbortSignal): Promise<ObjectAnswer> => {
      const found =
        (await direct.requests.send("PUT", command.input, abortSignal, body)) ??
        (await this.#sendStream(body, (Body) => commandFor({ ...fields, Body }), abortSignal));
      if (found.ETag === undefined) throw malformed();
      if (!isSameChecksum(found.ChecksumCRC32, body.crc32)) throw damaged();
      return found;
    };
    const options = { timeout: this.limits.sendTimeout, signal };
    // Markers of directories and copies of empty files have no content.
    if (body.bytes === 0) return this.#paced(command, attempt, (found) => found, options);
    return this.#repeat(command, attempt, options);
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
    command: object,
    attempt: (signal: AbortSignal) => Promise<T>,
    options: AttemptOptions,
  ): Promise<T> {
    const isAborted = (): boolean => options.signal?.aborted === true;
    const seen = observed(operationOf(command), attempt, this.#observe, isAborted);
    return withRetries(seen, this.limits, options, this.#onFailure);
  }

  /** Returns the common fields of PutObject, CopyObject and CreateMultipartUpload. */
  target(key: string, metadata: ObjectMetadata | undefined): TargetFields {
    return targetFields(this.#config, key, metadata);
  }

  /** Returns the value of the `x-amz-copy-source` header, which identifies the source of a copy. */
  copySource(key: string): string {
    return encodeURIComponent(`${this.bucket}/${key}`).replaceAll("%2F", "/");
  }
}

/** Returns a function that rejects incomplete responses. */
function checked<O>(isComplete: (answer: O) => boolean): (answer: O) => O {
  return (answer) => {
    if (!isComplete(answer)) throw malformed();
    return answer;
  };
}

/** Copies the chunks, because a stream reads ahead. */
async function* copiesOf(body: ObjectBody): AsyncGenerator<Uint8Array> {
  for await (const chunks of body.open()) yield Buffer.concat(chunks);
}

/** Returns the S3 operation of an SDK command, for example `HeadObject`. */
function operationOf(command: object): string {
  return command.constructor.name.replace(/Command$/u, "");
}
