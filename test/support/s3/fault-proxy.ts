/** A proxy between an engine and an S3 server. The proxy makes selected requests fail. */
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as send,
  type Server,
  type ServerResponse,
} from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** Fault of one request. Sizes are in bytes. */
export type Fault =
  /**
   * The proxy sends a response instead of the server. The default error code is SlowDown for status 503, and
   * InternalError for any other status.
   */
  | { type: "Answer"; status: 403 | 409 | 500 | 503; code?: string }
  /** The proxy sends status 200 with an error in the body, like Amazon S3 after a long copy or completion. */
  | { type: "ErrorWith200" }
  /** The connection breaks within the request body. */
  | { type: "CutRequest"; after: number }
  /** The server processes the request, but the proxy drops the response. */
  | { type: "LoseAnswer" }
  /** The connection breaks within the response body. */
  | { type: "CutAnswer"; after: number }
  /** The proxy shortens the response, and sets the length in its header to the shorter length. */
  | { type: "TruncateAnswer"; after: number }
  /** The proxy replaces the size of the object in the response to a HEAD request. */
  | { type: "OtherSize"; bytes: number }
  /** The proxy changes one byte in the request body. */
  | { type: "Damage" }
  /** The proxy changes the byte at an offset in the response body. */
  | { type: "DamageAnswer"; at: number }
  | { type: "Delay"; milliseconds: number }
  /** The proxy holds the request until the promise is fulfilled. */
  | { type: "Hold"; until: Promise<unknown> };

export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
}

/** Returns the fault for a request, or undefined for no fault. */
export type ChooseFault = (request: SeenRequest) => Fault | undefined;

function answer(response: ServerResponse, fault: Extract<Fault, { type: "Answer" | "ErrorWith200" }>): void {
  const status = fault.type === "Answer" ? fault.status : 200;
  const given = fault.type === "Answer" ? fault.code : undefined;
  const code = given ?? (status === 503 ? "SlowDown" : "InternalError");
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`);
}

export class FaultProxy implements AsyncDisposable {
  /** Selects the fault for each request. */
  choose: ChooseFault = () => undefined;
  /** All requests, oldest first. */
  readonly requests: SeenRequest[] = [];
  /** Number of accepted connections. */
  connections = 0;
  readonly #server: Server;
  readonly #target: URL;

  private constructor(server: Server, target: URL) {
    this.#server = server;
    this.#target = target;
  }

  /** @param endpoint URL of the server, without TLS */
  static async start(endpoint: string): Promise<FaultProxy> {
    const server = createServer();
    const proxy = new FaultProxy(server, new URL(endpoint));
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      proxy.#handle(request, response).catch(() => response.destroy());
    });
    server.on("connection", () => (proxy.connections += 1));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  get endpoint(): string {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("the proxy does not listen");
    return `http://127.0.0.1:${address.port}`;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = { method: request.method ?? "", url: request.url ?? "" };
    this.requests.push(seen);
    const fault = this.choose(seen);
    if (fault?.type === "Delay") await sleep(fault.milliseconds);
    if (fault?.type === "Hold") await fault.until;
    if (fault?.type === "Answer" || fault?.type === "ErrorWith200") {
      // A server can reject a request before it reads the body.
      request.resume();
      answer(response, fault);
      return;
    }
    await this.#forward(request, response, fault);
  }

  async #forward(
    request: IncomingMessage,
    response: ServerResponse,
    fault: Fault | undefined,
  ): Promise<void> {
    const { hostname, port } = this.#target;
    // The proxy does not change the Host header, because the signature covers this header.
    const forwarded = send({
      hostname,
      port,
      method: request.method,
      path: request.url,
      headers: request.headers,
    });
    const answered = once(forwarded, "response");
    answered.catch(() => response.destroy());
    let position = 0;
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk);
      if (fault?.type === "CutRequest" && position + bytes.length > fault.after) {
        forwarded.write(bytes.subarray(0, fault.after - position));
        forwarded.destroy();
        response.destroy();
        return;
      }
      if (fault?.type === "Damage" && position === 0 && bytes.length > 0) bytes[0] = (bytes[0] ?? 0) ^ 0xff;
      position += bytes.length;
      if (!forwarded.write(bytes)) await once(forwarded, "drain");
    }
    forwarded.end();
    const [answer] = await answered;
    await this.#answer(answer, response, fault);
  }

  async #answer(answer: IncomingMessage, response: ServerResponse, fault: Fault | undefined): Promise<void> {
    const status = answer.statusCode ?? 502;
    if (fault?.type === "LoseAnswer") {
      // The server has processed the request when its response is complete.
      await answer.toArray();
      response.destroy();
    } else if (fault?.type === "CutAnswer") {
      response.writeHead(status, answer.headers);
      if (await copy(answer, response, fault.after)) response.end();
      else response.destroy();
    } else {
      const limit = fault?.type === "TruncateAnswer" ? fault.after : Infinity;
      response.writeHead(status, headersOf(answer, response, fault));
      await copy(answer, response, limit, fault?.type === "DamageAnswer" ? fault.at : undefined);
      response.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Copies up to `limit` bytes, and changes the byte at `damaged`. Returns whether the response is complete. */
async function copy(
  answer: IncomingMessage,
  response: ServerResponse,
  limit: number,
  damaged = Infinity,
): Promise<boolean> {
  let position = 0;
  for await (const chunk of answer) {
    const bytes = Buffer.from(chunk).subarray(0, limit - position);
    const at = damaged - position;
    if (at >= 0 && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    position += bytes.length;
    if (!response.write(bytes)) await Promise.race([once(response, "drain"), once(response, "close")]);
    if (response.destroyed || position === limit) return false;
  }
  return true;
}

/** Returns the headers of a response with the fault. */
function headersOf(
  { headers }: IncomingMessage,
  { req }: ServerResponse,
  fault: Fault | undefined,
): OutgoingHttpHeaders {
  if (fault?.type === "OtherSize") return { ...headers, "content-length": String(fault.bytes) };
  // In a response to a HEAD request, the length is the size of the object.
  if (fault?.type !== "TruncateAnswer" || req.method === "HEAD") return headers;
  const length = Number(headers["content-length"] ?? 0);
  return length <= fault.after ? headers : { ...headers, "content-length": String(fault.after) };
}
