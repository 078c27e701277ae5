import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import type { Access, Credentials } from "./credentials.ts";
import { fromStatus, fromThrown, KubeError, type KubeErrorReason, type Status } from "./errors.ts";
import { withDeadline } from "./retry.ts";

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Request body, sent as JSON. */
  body?: unknown;
  contentType?: string;
  accept?: string;
  signal?: AbortSignal | undefined;
}

/** Time limit in milliseconds for one call, including all attempts. */
const CALL_TIMEOUT_MILLISECONDS = 30_000;
const MAX_ATTEMPTS = 5;
const FIRST_RETRY_MILLISECONDS = 100;
/**
 * Maximum accepted `Retry-After` delay in seconds. A call with a longer delay fails, because the work queue can wait
 * without occupying a worker.
 */
const MAX_RETRY_AFTER_SECONDS = 10;
const KEEP_ALIVE_MILLISECONDS = 60_000;
const CONNECT_TIMEOUT_MILLISECONDS = 10_000;

/** HTTP client for one API server with one connection pool. */
export class Http {
  readonly clock = new ServerClock();
  readonly #credentials: Credentials;
  #agent: { tls: string; agent: Agent } | undefined;
  #closed = false;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /**
   * Sends a request and returns the parsed response. The client retries after status 429, 500 or 503 and after a broken
   * connection, and respects `Retry-After`. After status 401, the client reads the credentials again and retries once.
   * The client also retries a write that the API server may already have executed, because every write in this folder
   * is idempotent.
   * @throws KubeError
   */
  call<T>(options: HttpRequest): Promise<T> {
    return withDeadline(CALL_TIMEOUT_MILLISECONDS, options.signal, (signal) =>
      this.#attempts<T>({ ...options, signal }),
    );
  }

  async #attempts<T>(options: HttpRequest & { signal: AbortSignal }): Promise<T> {
    const { signal } = options;
    for (let attempt = 1; ; attempt++) {
      try {
        const body = await this.open(options);
        const parsed: T = JSON.parse(await body.text());
        return parsed;
      } catch (thrown) {
        const error = fromThrown(thrown);
        const wait = retryDelay(error, attempt);
        if (wait === undefined || signal.aborted) throw error;
        await sleep(wait, undefined, { signal }).catch(() => Promise.reject(error));
      }
    }
  }

  /**
   * Sends a request once and returns the response body as a stream.
   * @throws KubeError when the status is outside 2xx
   */
  async open(options: HttpRequest): Promise<ResponseBody> {
    const access = await this.#credentials.current();
    const { statusCode, headers, body } = await request(
      `${access.url}${options.path}${queryString(options.query)}`,
      {
        method: options.method,
        dispatcher: this.#dispatcher(access),
        signal: options.signal ?? null,
        // A watch transfers no data while no object changes. The reflector limits the time without data.
        bodyTimeout: 0,
        headersTimeout: CALL_TIMEOUT_MILLISECONDS,
        headers: {
          accept: options.accept ?? "application/json",
          "user-agent": "ftp-operator",
          ...(options.body !== undefined && { "content-type": options.contentType ?? "application/json" }),
          ...(access.authorization !== undefined && { authorization: access.authorization }),
        },
        ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      },
    );
    this.clock.update(onlyOne(headers["date"]));
    if (statusCode >= 200 && statusCode < 300) return body;
    const text = await body.text();
    // The next attempt reads the credentials again. For a watch, the reflector makes this attempt.
    if (statusCode === 401) this.#credentials.expire(access);
    throw fromStatus(statusCode, parseStatus(text), onlyOne(headers["retry-after"]));
  }

  /** Aborts pending calls. Later calls fail. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#agent?.agent.destroy();
    this.#agent = undefined;
  }

  /** Returns the connection pool. Creates a new pool when the certificates have changed. */
  #dispatcher({ tls }: Access): Agent {
    if (this.#closed) throw new KubeError("Aborted", "client is closed");
    const fingerprint = Object.values(tls)
      .map((option) => option.toString("latin1"))
      .join("\0");
    if (this.#agent?.tls === fingerprint) return this.#agent.agent;
    const outdated = this.#agent?.agent;
    const agent = new Agent({
      connect: { ...tls, timeout: CONNECT_TIMEOUT_MILLISECONDS, keepAlive: true },
      keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
      connections: null,
      // HTTP/2 uses one connection for all calls. When the network drops packets on this connection, timed-out calls do
      // not close the connection. All calls then fail for minutes. With HTTP/1.1, each timed-out call closes its own
      // connection.
      allowH2: false,
    });
    this.#agent = { tls: fingerprint, agent };
    // Pending calls finish on the old connection pool.
    void outdated?.close();
    return agent;
  }
}

/** Reasons for errors that are often temporary. */
const RETRIED: ReadonlySet<KubeErrorReason> = new Set<KubeErrorReason>([
  "InternalError",
  "ServerTimeout",
  "ServiceUnavailable",
  "TooManyRequests",
  "Unreachable",
]);

type ResponseBody = Awaited<ReturnType<typeof request>>["body"];

/** Returns the delay in milliseconds before the next attempt. Returns undefined when the call must fail. */
function retryDelay(error: KubeError, attempt: number): number | undefined {
  if (attempt >= MAX_ATTEMPTS) return undefined;
  const backoff = FIRST_RETRY_MILLISECONDS * 2 ** (attempt - 1) * (0.5 + Math.random());
  if (error.reason === "Unauthorized") return attempt === 1 ? 0 : undefined;
  if (!RETRIED.has(error.reason)) return undefined;
  const retryAfter = error.retryAfterSeconds ?? 0;
  return retryAfter > MAX_RETRY_AFTER_SECONDS ? undefined : retryAfter * 1000 + backoff;
}

function onlyOne(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function queryString(query: HttpRequest["query"]): string {
  const parameters = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return parameters.length === 0 ? "" : `?${new URLSearchParams(parameters).toString()}`;
}

function parseStatus(text: string): Status | undefined {
  try {
    const status: Status = JSON.parse(text);
    return status;
  } catch {
    return text === "" ? undefined : { message: text.slice(0, 300) };
  }
}

/**
 * Maximum length of a watch line in characters. An object has a size of at most 1.5 MiB in etcd, and JSON escapes
 * increase the size.
 */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/**
 * Yields the lines in a byte stream, regardless of chunk boundaries. Discards an incomplete last line, because the
 * connection closed before the end of this line.
 * @throws RangeError when a line is longer than 16 Mi characters
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    const last = lines.pop() ?? "";
    for (const [index, line] of lines.entries()) {
      const complete = index === 0 ? rest + line : line;
      if (complete !== "") yield complete;
    }
    rest = lines.length === 0 ? rest + last : last;
    if (rest.length > MAX_LINE_LENGTH)
      throw new RangeError(`line is longer than ${MAX_LINE_LENGTH} characters`);
  }
}

/**
 * Smallest clock difference in milliseconds that counts as an error. Smaller differences can result from network
 * latency or a busy process.
 */
const TOLERANCE_MILLISECONDS = 30_000;

/**
 * Clock of the API server, derived from the `Date` header of its responses (RFC 9110 section 6.6.1). The times that the
 * operator writes must not depend on the local clock. These times are compared with times from the API server and from
 * operators on other machines.
 */
export class ServerClock {
  /** Milliseconds by which the API server clock is ahead of the local clock. The value is 0 when the clocks agree. */
  #ahead = 0;

  /**
   * Updates the clock difference.
   * @param date `Date` header of a response that was just received
   */
  update(date: string | undefined): void {
    const time = Date.parse(date ?? "");
    if (Number.isNaN(time)) return;
    const ahead = time - Date.now();
    this.#ahead = Math.abs(ahead) < TOLERANCE_MILLISECONDS ? 0 : ahead;
  }

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  /** Seconds by which the local clock is ahead of the API server clock. The value is 0 when the clocks agree. */
  get errorSeconds(): number {
    return Math.round(-this.#ahead / 1000) || 0;
  }
}
