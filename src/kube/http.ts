import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import type { Access, Credentials } from "./credentials.ts";
import { fromStatus, fromThrown, KubeError, type KubeErrorReason, type Status } from "./errors.ts";
import { withDeadline } from "./retry.ts";

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  body?: unknown;
  contentType?: string;
  accept?: string;
  signal?: AbortSignal | undefined;
}

/** Longest time for one call with all its retries, in milliseconds. */
const CALL_TIMEOUT_MILLISECONDS = 30_000;
const MAX_ATTEMPTS = 5;
const FIRST_RETRY_MILLISECONDS = 100;
/** A server that asks for more than this gets a failed call instead; the work queue waits better than we do. */
const MAX_RETRY_AFTER_SECONDS = 10;
const KEEP_ALIVE_MILLISECONDS = 60_000;
const CONNECT_TIMEOUT_MILLISECONDS = 10_000;

/** HTTP to one API server, over one pool of connections. */
export class Http {
  readonly clock = new ServerClock();
  readonly #credentials: Credentials;
  #agent: { tls: string; agent: Agent } | undefined;
  #closed = false;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /**
   * One call and its parsed answer. 429, 5xx and broken connections are tried again, as the server asks; a write that may
   * have happened is tried again too, since every write of this layer can be repeated.
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
        const answer: T = JSON.parse(await body.text());
        return answer;
      } catch (thrown) {
        const error = fromThrown(thrown);
        const wait = retryDelay(error, attempt);
        if (wait === undefined || signal.aborted) throw error;
        await sleep(wait, undefined, { signal }).catch(() => Promise.reject(error));
      }
    }
  }

  /** One attempt, and its body as a stream. @throws KubeError when the status is outside 2xx */
  async open(options: HttpRequest): Promise<ResponseBody> {
    const access = await this.#credentials.current();
    const { statusCode, headers, body } = await request(
      `${access.url}${options.path}${queryString(options.query)}`,
      {
        method: options.method,
        dispatcher: this.#dispatcher(access),
        signal: options.signal ?? null,
        // A watch is quiet for as long as nothing happens; who reads it has a time limit of its own.
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
    this.clock.heard(onlyOne(headers["date"]));
    if (statusCode >= 200 && statusCode < 300) return body;
    const text = await body.text();
    // Also for watches, which are tried again by who reads them.
    if (statusCode === 401) this.#credentials.expire(access);
    throw fromStatus(statusCode, parseStatus(text), onlyOne(headers["retry-after"]));
  }

  /** Ends what is under way; later calls fail. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#agent?.agent.destroy();
    this.#agent = undefined;
  }

  /** The pool; a new one when certificates have changed. */
  #dispatcher({ tls }: Access): Agent {
    if (this.#closed) throw new KubeError("Aborted", "the client is closed");
    const fingerprint = Object.values(tls)
      .map((option) => option.toString("latin1"))
      .join("\0");
    if (this.#agent?.tls === fingerprint) return this.#agent.agent;
    const outdated = this.#agent?.agent;
    const agent = new Agent({
      connect: { ...tls, timeout: CONNECT_TIMEOUT_MILLISECONDS, keepAlive: true },
      keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
      connections: null,
      // HTTP/2 puts everything on one connection, and when the network swallows that one, calls that run out of time do
      // not give it up: nothing would get through for minutes. With HTTP/1.1 each of them takes its connection along.
      allowH2: false,
    });
    this.#agent = { tls: fingerprint, agent };
    // Calls in flight end on the old pool.
    void outdated?.close();
    return agent;
  }
}

/** Failures that may be gone a moment later. */
const RETRIED: ReadonlySet<KubeErrorReason> = new Set<KubeErrorReason>([
  "InternalError",
  "ServerTimeout",
  "ServiceUnavailable",
  "TooManyRequests",
  "Unreachable",
]);

type ResponseBody = Awaited<ReturnType<typeof request>>["body"];

/** @returns milliseconds to wait before the next attempt, or undefined when there is none */
function retryDelay(error: KubeError, attempt: number): number | undefined {
  if (attempt >= MAX_ATTEMPTS) return undefined;
  const backoff = FIRST_RETRY_MILLISECONDS * 2 ** (attempt - 1) * (0.5 + Math.random());
  if (error.reason === "Unauthorized") return attempt === 1 ? 0 : undefined;
  if (!RETRIED.has(error.reason)) return undefined;
  const asked = error.retryAfterSeconds ?? 0;
  return asked > MAX_RETRY_AFTER_SECONDS ? undefined : asked * 1000 + backoff;
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

/** Longest line of a watch: an object may have 1.5 MiB in etcd, and JSON escapes make it longer. */
const MAX_LINE_LENGTH = 16 * 1024 * 1024;

/**
 * The lines of a byte stream, wherever it is cut. A last line without an end is dropped: the connection broke in it.
 * @throws RangeError when a line is longer than 16 Mi characters
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    const last = lines.pop() ?? "";
    for (const [index, line] of lines.entries()) {
      const whole = index === 0 ? rest + line : line;
      if (whole !== "") yield whole;
    }
    rest = lines.length === 0 ? rest + last : last;
    if (rest.length > MAX_LINE_LENGTH)
      throw new RangeError(`a line is longer than ${MAX_LINE_LENGTH} characters`);
  }
}

/** Less than this may be the way of an answer, or a process that was busy; more is a clock that is wrong. */
const TOLERANCE_MILLISECONDS = 30_000;

/**
 * The API server's clock, by the Date header of its answers (RFC 9110, section 6.6.1). What is written is read beside the API
 * server's own times and by operators on other machines, so a wrong clock of this machine must not show in it.
 */
export class ServerClock {
  /** How far the server's clock is before ours, in milliseconds; 0 where both agree. */
  #ahead = 0;

  /** @param date of an answer that has just come */
  heard(date: string | undefined): void {
    const time = Date.parse(date ?? "");
    if (Number.isNaN(time)) return;
    const ahead = time - Date.now();
    this.#ahead = Math.abs(ahead) < TOLERANCE_MILLISECONDS ? 0 : ahead;
  }

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  /** Seconds by which this machine's clock is wrong: positive when it is ahead of the server's, 0 where both agree. */
  get errorSeconds(): number {
    return Math.round(-this.#ahead / 1000) || 0;
  }
}
