import { Readable } from "node:stream";
import type {
  $Command,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from "@aws-sdk/client-s3";
import type { EngineObjectStorage } from "../../../../api/engine-storage.ts";
import { type Pause, TickBudget } from "../../../../common/tick-budget.ts";
import { copiesOf } from "../bodies.ts";
import type { ObjectLimits } from "../limits.ts";
import type { ObjectBody, ObjectMetadata } from "../object-store.ts";
import { checksumText, damaged, isSameChecksum, malformed } from "./checksums.ts";
import { type Clients, createClients, type Sdk } from "./client.ts";
import { copiedTag, type ObjectAnswer } from "./direct-fields.ts";
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
  /** Returns the event-loop budget for all requests without a file. Defaults to a separate budget for this bucket. */
  ticks?: (wakes: number) => TickBudget;
}

/**
 * Maximum number of requests without a file that can continue in an event-loop tick after their budget is exhausted.
 * Transfers in the same tick also consume the budget. Without this allowance, thousands of requests would each wait one
 * tick.
 */
const REQUESTS_IN_A_TICK = 16;

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
      ticks = (wakes) => new TickBudget(wakes),
    }: S3Options,
    clients: Clients,
  ) {
    this.limits = limits;
    this.#config = config;
    this.#clients = clients;
    this.#onFailure = onFailure;
    this.#observe = observe;
    this.#ticks = ticks(REQUESTS_IN_A_TICK);
  }

  /** Loads the SDK but sends no requests. */
  static async open(options: S3Options): Promise<S3Requests> {
    return new S3Requests(options, await createClients(options.config, options.limits));
  }

  /** Returns an instance that uses the same connections but different limits. */
  variant(limits: Partial<ObjectLimits>): S3Requests {
    const [config, observe, ticks] = [this.#config, this.#observe, this.#ticks];
    const options = { config, limits: { ...this.limits, ...limits }, observe, ticks: () => ticks };
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
    const attempt = async (abortSignal: AbortSignal): Promise<O> => {
      const answer = await this.#clients.requests.send(command, { abortSignal });
      if (!isComplete(answer)) throw malformed();
      return answer;
    };
    return this.#paced(command, attempt, options);
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
    const attempt = async (abortSignal: AbortSignal): Promise<ObjectAnswer> => {
      const answer =
        (await direct.requests.send("HEAD", command.input, abortSignal)) ??
        (await requests.send(command, { abortSignal }));
      if (answer.ETag === undefined) throw malformed();
      return answer;
    };
    return this.#paced(command, attempt);
  }

  /** Sends a request that removes an object. */
  async remove(command: DeleteObjectCommand): Promise<void> {
    const { direct, requests } = this.#clients;
    const attempt = async (abortSignal: AbortSignal): Promise<unknown> =>
      (await direct.requests.send("DELETE", command.input, abortSignal)) ??
      (await requests.send(command, { abortSignal }));
    await this.#paced(command, attempt);
  }

  /** Copies an object. Returns the ETag of the copy. */
  copy(command: CopyObjectCommand): Promise<string> {
    const { direct, requests } = this.#clients;
    const attempt = async (abortSignal: AbortSignal): Promise<string> => {
      const answer = await direct.requests.send("PUT", command.input, abortSignal);
      const etag =
        answer === undefined
          ? (await requests.send(command, { abortSignal })).CopyObjectResult?.ETag
          : copiedTag(answer.Text);
      if (etag === undefined) throw malformed();
      return etag;
    };
    return this.#paced(command, attempt, { timeout: this.limits.copyTimeout });
  }

  /** Sends a request for a listing page. */
  list(command: ListObjectsV2Command): Promise<ListAnswer> {
    const { direct, requests } = this.#clients;
    const input = { ...command.input, ListType: 2 };
    const attempt = async (abortSignal: AbortSignal): Promise<ListAnswer> => {
      const answer = await direct.requests.send("GET", input, abortSignal);
      const xml = answer && (await pageText(answer.Body));
      // The pages for many sessions can arrive in one tick.
      await this.#pauseFor(command.input)();
      // The SDK ignores an error within a page.
      if (xml?.includes("<Error>")) throw malformed();
      const page =
        (xml === undefined ? undefined : pageOf(xml)) ?? (await requests.send(command, { abortSignal }));
      if (!isPage(page)) throw malformed();
      return page;
    };
    return this.#paced(command, attempt);
  }

  /**
   * Sends a request without a file. The responses for many sessions can arrive in one tick, and each response leads to
   * the next request, so each attempt waits for the event-loop budget.
   */
  #paced<T>(
    command: { readonly input: ServiceInputTypes },
    attempt: (signal: AbortSignal) => Promise<T>,
    { timeout = this.limits.requestTimeout, signal }: Partial<AttemptOptions> = {},
  ): Promise<T> {
    return this.#repeat(command, attempt, { ready: this.#pauseFor(command.input), timeout, signal });
  }

  /** The owner in the event-loop budget is the top-level directory of the request, usually the home of a user. */
  #pauseFor(input: ServiceInputTypes): Pause {
    const path = keyOf(input).slice(this.#config.prefix.length).replace(/^\//u, "");
    return this.#ticks.pauseFor([path.split("/", 1)[0] ?? ""]);
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
    // Markers of directories and empty files have no content.
    return body.bytes === 0
      ? this.#paced(command, attempt, options)
      : this.#repeat(command, attempt, options);
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
    const seen = observed(command, attempt, this.#observe, isAborted);
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
