import { request as requestHttp, type IncomingHttpHeaders } from "node:http";
import { request as requestHttps, type RequestOptions } from "node:https";
import type { LookupFunction } from "node:net";
import type { SinkFailure } from "../../../api/notification-report.ts";
import { HEADERS_PROBE_TIMEOUT, PROBE_TIMEOUT } from "../limits.ts";
import { resultOf } from "./response.ts";

/** Failure of a sink check, with the status code if the sink responded. */
export interface ProbeFailure {
  reason: SinkFailure;
  status?: number;
}

export interface ProbeOptions {
  url: URL;
  /** CA certificates in PEM format. Defaults to the public CAs in Node.js. */
  ca?: string;
  lookup?: LookupFunction;
  /** Headers of the OPTIONS request. */
  headers: Readonly<Record<string, string>>;
  /** Headers of the POST request without a body. */
  eventHeaders: Readonly<Record<string, string>>;
  /** Ends the check. */
  signal: AbortSignal;
}

/** Response without its body. */
interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
}

/** `WebHook-Request-Origin` header of a validation request ("HTTP 1.1 Web Hooks for Event Delivery", section 4.1.1). */
const ORIGIN = { "WebHook-Request-Origin": "ftp-operator.io" };

/**
 * Status codes with which a sink can reject OPTIONS requests although it accepts events. For example, some routers
 * respond with 404 if no route accepts the request method.
 */
const NOT_SUPPORTED: ReadonlySet<number> = new Set([404, 405, 501]);

/**
 * Checks a sink without sending an event. First, the engine sends an OPTIONS request, which the CloudEvents webhook
 * specification defines for the validation of receivers. If the response reports a failure, the engine sends only the
 * headers of a POST request. A response to these headers confirms or refutes the failure. The headers contain no event.
 * @throws Error if the connection fails or no response arrives
 */
export async function probeSink(options: ProbeOptions): Promise<ProbeFailure | undefined> {
  const answer = await send(options, "OPTIONS", { ...options.headers, ...ORIGIN });
  if (answer === undefined) throw timedOut();
  const failure = failureIn(answer);
  if (failure === undefined) return undefined;
  const post = await beginEvent(options);
  if (post !== undefined) return failureIn(post);
  return NOT_SUPPORTED.has(answer.status) || isMissingMethod(answer) ? undefined : failure;
}

function failureIn({ status }: Answer): ProbeFailure | undefined {
  if (status === 501) return undefined;
  const result = resultOf(status, undefined, 0);
  return result.type === "Retry" && !IGNORED.has(status) ? { reason: result.reason, status } : undefined;
}

/**
 * Status codes that do not indicate how the sink responds to events: Request Timeout, Too Early and Too Many Requests.
 */
const IGNORED: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Returns whether Amazon API Gateway reports that no route accepts the request method. The status code of this response
 * is 403.
 */
function isMissingMethod({ headers }: Answer): boolean {
  return String(headers["x-amzn-errortype"]).startsWith("MissingAuthenticationTokenException");
}

/**
 * Sends the headers of a request for an event. Returns undefined if the sink waits for the body or closes the
 * connection.
 */
async function beginEvent(options: ProbeOptions): Promise<Answer | undefined> {
  const headers = { ...options.eventHeaders, "Content-Length": "1", Expect: "100-continue" };
  return await send(options, "POST", headers, HEADERS_PROBE_TIMEOUT).catch(() => undefined);
}

/** Sends a request without a body over a new connection. Returns undefined if no response arrives in time. */
async function send(
  { url, ca, lookup, signal }: ProbeOptions,
  method: "OPTIONS" | "POST",
  headers: Readonly<Record<string, string>>,
  timeout = PROBE_TIMEOUT,
): Promise<Answer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer | undefined>();
  const options: RequestOptions = {
    method,
    headers,
    agent: false,
    signal,
    ...(ca !== undefined && { ca }),
    ...(lookup !== undefined && { lookup }),
  };
  const request = url.protocol === "https:" ? requestHttps(url, options) : requestHttp(url, options);
  request.once("error", reject);
  request.once("response", ({ statusCode: status = 0, headers: found }) =>
    resolve({ status, headers: found }),
  );
  const timer = setTimeout(() => resolve(undefined), timeout);
  if (method === "OPTIONS") request.end();
  else request.flushHeaders();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    request.on("error", () => undefined);
    request.destroy();
  }
}

function timedOut(): Error {
  return Object.assign(new Error("the sink does not respond"), { code: "ETIMEDOUT" });
}
