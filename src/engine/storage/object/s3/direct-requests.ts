import { type Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { type Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import type * as S3 from "@aws-sdk/client-s3";
import type { ObjectBody } from "../object-store.ts";
import { type DirectEndpoint, directEndpoint } from "./direct-endpoint.ts";
import { answerOf, fieldsOf, type ObjectAnswer, type RequestFields } from "./direct-fields.ts";
import { namedError, writeBody } from "./direct-body.ts";

export interface DirectOptions {
  readonly sdk: typeof S3;
  /** Client that provides the endpoint, the credentials and the clock offset. */
  readonly client: S3.S3Client;
  readonly bucket: string;
  readonly agents: { readonly http: Agent; readonly https: HttpsAgent };
  /** Maximum time to open a connection, in milliseconds. */
  readonly connectTimeout: number;
}

type Method = "DELETE" | "GET" | "HEAD" | "PUT";

/** Maximum size of an error response in characters. */
const ERROR_LENGTH = 64 * 1024;

/**
 * Minimum clock difference in milliseconds at which the engine adopts the time of the service. The SDK uses the same
 * minimum.
 */
const MAX_CLOCK_DIFFERENCE = 4 * 60_000;

/** Product name for the access log of the service. The signature does not cover this header field. */
const USER_AGENT = { "user-agent": "ftp-operator" };

/** Status of an error in a response that began with a success status. The engine repeats the request. */
const UNAVAILABLE = 503;

/**
 * Sends requests for single objects and for listing pages without the middleware of the SDK, which takes most of the
 * CPU time of a request for a small file. The SDK still provides the endpoint and the credentials.
 */
export class DirectRequests {
  readonly #options: DirectOptions;
  #endpoint: Promise<DirectEndpoint | undefined> | undefined;

  constructor(options: DirectOptions) {
    this.#options = options;
  }

  /**
   * Sends a request for an object, or for the bucket if the input has no key. For GET, the answer contains the stream
   * of the response.
   * @param input input of the corresponding SDK command, without the body
   * @returns undefined if the SDK must send the request
   * @throws Error with the same properties as SDK errors
   */
  async send(
    method: Method,
    input: object,
    signal: AbortSignal,
    body?: ObjectBody,
  ): Promise<ObjectAnswer | undefined> {
    const fields = fieldsOf(input);
    if (fields === undefined) return undefined;
    const endpoint = await this.#resolve();
    if (endpoint === undefined) return undefined;
    const { client } = this.#options;
    const key = await client.config.credentials();
    const { host, path: base, signer } = endpoint;
    // Like the SDK, requests to the bucket omit the slash after the name of the bucket.
    const path = fields.key === "" ? base.replace(/(?<=.)\/$/u, "") : base + fields.key;
    // The SDK sends the same type for a body without a content type.
    const type = body !== undefined && { "content-type": "application/octet-stream" };
    const unsigned = { method, path, query: fields.query, headers: { ...type, ...fields.headers, host } };
    const time = new Date(Date.now() + client.config.systemClockOffset);
    const headers = signer.sign({ ...unsigned, hasBody: body !== undefined }, key, time);
    signal.throwIfAborted();
    const sent = { ...fields, key: path, headers: { ...headers, ...USER_AGENT } };
    return await this.#exchange(endpoint, method, sent, signal, body);
  }

  #resolve(): Promise<DirectEndpoint | undefined> {
    const { sdk, client, bucket } = this.#options;
    this.#endpoint ??= directEndpoint(sdk, client, bucket).catch((error: unknown) => {
      this.#endpoint = undefined;
      throw error;
    });
    return this.#endpoint;
  }

  #exchange(
    { protocol, hostname, port }: DirectEndpoint,
    method: Method,
    { key, query, headers }: RequestFields,
    signal: AbortSignal,
    body: ObjectBody | undefined,
  ): Promise<ObjectAnswer> {
    const { agents, connectTimeout } = this.#options;
    const path = query === "" ? key : `${key}?${query}`;
    const options = { hostname, port, method, path, headers };
    const request =
      protocol === "https:"
        ? httpsRequest({ ...options, agent: agents.https })
        : httpRequest({ ...options, agent: agents.http });
    return new Promise((resolve, reject) => {
      const end = (): void => {
        const error = namedError("AbortError", "The request was aborted");
        request.destroy(error);
        // A request that waits for a connection emits no event until a connection is free.
        reject(error);
      };
      signal.addEventListener("abort", end);
      request.once("close", () => signal.removeEventListener("abort", end));
      request.once("socket", (socket: Socket) => limitConnect(request, socket, connectTimeout));
      request.on("error", reject);
      request.once("response", (response) => {
        // Later errors end the response. A response to HEAD is complete even if a body follows it.
        request.off("error", reject).on("error", () => {});
        this.#correctClock(response.headers.date);
        answered(request, response, method).then(resolve, reject);
      });
      if (body === undefined) request.end();
      else void writeBody(request, body, signal);
    });
  }

  /** Adopts the time of the service if the clock of this machine is wrong. The service rejects requests with a wrong time. */
  #correctClock(date: string | undefined): void {
    const { config } = this.#options.client;
    const time = Date.parse(date ?? "");
    const difference = time - Date.now();
    if (Math.abs(difference - config.systemClockOffset) >= MAX_CLOCK_DIFFERENCE)
      config.systemClockOffset = difference;
  }
}

function limitConnect(request: ClientRequest, socket: Socket, milliseconds: number): void {
  if (!socket.connecting) return;
  const error = namedError("TimeoutError", "The connection could not be opened in time");
  const timer = setTimeout(() => void request.destroy(error), milliseconds);
  const stop = (): void => clearTimeout(timer);
  socket.once("connect", stop);
  request.once("close", stop);
}

/** @throws Error if the response reports an error */
async function answered(
  request: ClientRequest,
  response: IncomingMessage,
  method: Method,
): Promise<ObjectAnswer> {
  const { statusCode: status = 0, headers } = response;
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && method === "GET") return { ...answerOf(headers), Body: response };
  const isEmpty = method === "HEAD" || headers["content-length"] === "0";
  if (isEmpty) response.resume();
  const text = isEmpty ? "" : await textOf(response);
  // A service can reject a request before it has received the complete body.
  if (!request.writableFinished) request.destroy();
  if (!isSuccess) throw errorOf(status, text);
  // A service can find an error after it has sent the status.
  if (text.trimEnd().endsWith("</Error>")) throw errorOf(UNAVAILABLE, text);
  return method === "PUT" ? { ...answerOf(headers), Text: text } : answerOf(headers);
}

/** Reads a response to its end, so that a later request can use the connection. Returns the beginning of the text. */
function textOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      if (text.length < ERROR_LENGTH) text += chunk;
    });
    response.once("end", () => resolve(text));
    response.once("error", reject);
    response.once("close", () => {
      if (!response.readableEnded) reject(namedError("ECONNRESET", "The response ended early"));
    });
  });
}

/** Returns the error for a response, with the same properties as an error of the SDK. */
function errorOf(status: number, text: string): Error {
  const code = /<Code>(?<code>[\w.-]+)<\/Code>/u.exec(text)?.groups?.["code"] ?? "UnknownError";
  const message = /<Message>(?<message>[^<]*)<\/Message>/u.exec(text)?.groups?.["message"] ?? code;
  return Object.assign(namedError(code, message), { $metadata: { httpStatusCode: status } });
}
