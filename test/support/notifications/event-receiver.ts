import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Server } from "node:net";
import { text } from "node:stream/consumers";
import { CloudEvent, HTTP } from "cloudevents";
import { hostInUrl } from "../../../src/common/urls.ts";
import type { KeyPair } from "../engine/certificates.ts";
import { readFileSync } from "node:fs";

/** Request that the receiver accepted. */
export interface ReceivedEvent {
  event: CloudEvent<Record<string, unknown>>;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
}

/** HTTP receiver that parses events with the official CloudEvents SDK. */
export class EventReceiver implements AsyncDisposable {
  readonly events: ReceivedEvent[] = [];
  /** Headers of the OPTIONS requests. */
  readonly probes: IncomingHttpHeaders[] = [];
  /** Status code of responses to OPTIONS requests. */
  probeStatus = 204;
  /** Number of complete POST requests, including rejected requests. */
  requests = 0;
  /** Number of accepted connections. */
  connections = 0;
  /** Returns the response to a request. */
  answer: (body: string) => Answer | Promise<Answer> = () => ({ status: 204 });
  readonly #server: Server;
  readonly #scheme: string;
  readonly #address: string;
  #port = 0;

  private constructor(tls: KeyPair | undefined, address: string) {
    const options = tls && { cert: readFileSync(tls.certificateFile), key: readFileSync(tls.keyFile) };
    const server = options === undefined ? createServer() : createTlsServer(options);
    const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      if (request.method === "OPTIONS") {
        this.probes.push(request.headers);
        response.writeHead(this.probeStatus).end();
        return;
      }
      // A connection check aborts its POST request before the end of the body.
      const body = await text(request).catch(() => undefined);
      if (body === undefined) return;
      this.requests += 1;
      const { status, headers } = await this.answer(body);
      if (status < 300) {
        const event = HTTP.toEvent<Record<string, unknown>>({ headers: request.headers, body });
        if (Array.isArray(event)) throw new Error("unexpected batch");
        this.events.push({ event: new CloudEvent(event), headers: request.headers, body });
      }
      response.writeHead(status, headers).end();
    };
    server.on("request", (request, response) => void serve(request, response));
    server.on("connection", () => this.connections++);
    this.#server = server;
    this.#address = address;
    this.#scheme = options === undefined ? "http" : "https";
  }

  static async start(tls?: KeyPair, address = "127.0.0.1"): Promise<EventReceiver> {
    const receiver = new EventReceiver(tls, address);
    await receiver.listen();
    return receiver;
  }

  get url(): string {
    return `${this.#scheme}://${hostInUrl(this.#address)}:${this.#port}/events?tenant=a`;
  }

  get types(): string[] {
    return this.events.map(({ event }) => event.type.replace("io.ftp-operator.", ""));
  }

  /** Listens on the same port as in the previous start. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(this.#port, this.#address, resolve);
    });
    const address = this.#server.address();
    if (address !== null && typeof address === "object") this.#port = address.port;
  }

  /** Rejects connections until the next `listen`. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    if ("closeAllConnections" in this.#server && typeof this.#server.closeAllConnections === "function")
      this.#server.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
