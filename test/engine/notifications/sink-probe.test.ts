/** Tests the connection checks of sinks with receivers that answer OPTIONS requests in different ways. */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import * as sdk from "cloudevents";
import type { EngineHttpSink } from "../../../src/api/engine-notifications.ts";
import { HttpSink } from "../../../src/engine/notifications/delivery/http-sink.ts";
import type { ProbeFailure } from "../../../src/engine/notifications/delivery/sink-probe.ts";
import { makeCertificate } from "../../support/engine/certificates.ts";
import { EventReceiver } from "../../support/notifications/event-receiver.ts";

/** HTTP server that records all requests, and the bodies of complete requests. */
class Receiver implements AsyncDisposable {
  readonly requests: IncomingMessage[] = [];
  readonly bodies: string[] = [];
  readonly #server;

  private constructor(answer: (receiver: Receiver) => RequestListener) {
    const listener = answer(this);
    this.#server = createServer((request, response) => {
      this.requests.push(request);
      listener(request, response);
    });
  }

  static async start(answer: (receiver: Receiver) => RequestListener): Promise<Receiver> {
    const receiver = new Receiver(answer);
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/events?tenant=a`;
  }

  /** Returns the body of a request, or undefined if the client aborts the request before the end of the body. */
  async bodyOf(request: IncomingMessage): Promise<string | undefined> {
    const body = await text(request).catch(() => undefined);
    if (body !== undefined && body !== "") this.bodies.push(body);
    return body;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function check(url: string, change: Partial<EngineHttpSink> = {}): Promise<ProbeFailure | undefined> {
  const sink = new HttpSink({ type: "HTTP", url, mode: "Structured", headers: [], ...change }, sdk, "Allow");
  try {
    return await sink.check();
  } finally {
    await sink.close();
  }
}

function status(code: number, headers: Record<string, string> = {}): () => RequestListener {
  return () => (_request, response) => void response.writeHead(code, headers).end();
}

/** Returns a handler that accepts complete POST requests and responds to other requests with the given status code. */
function acceptsPost(code: number, headers: Record<string, string> = {}) {
  return (receiver: Receiver): RequestListener =>
    async (request, response) => {
      if (request.method !== "POST") return void response.writeHead(code, headers).end();
      if ((await receiver.bodyOf(request)) !== undefined) response.writeHead(204).end();
    };
}

for (const code of [200, 204, 400, 404, 405, 429, 501])
  test(`a receiver that answers ${code} to OPTIONS requests and accepts events is not failing`, async () => {
    await using receiver = await Receiver.start(acceptsPost(code));
    assert.equal(await check(receiver.url), undefined);
    assert.deepEqual(receiver.bodies, []);
    assert.equal(receiver.requests[0]?.method, "OPTIONS");
    assert.equal(receiver.requests[0]?.url, "/events?tenant=a");
    assert.equal(receiver.requests[0]?.headers["webhook-request-origin"], "ftp-operator.io");
  });

test("a route of Amazon API Gateway without the method OPTIONS is not failing", async () => {
  const headers = { "x-amzn-errortype": "MissingAuthenticationTokenException" };
  await using receiver = await Receiver.start(acceptsPost(403, headers));
  assert.equal(await check(receiver.url), undefined);
});

for (const [code, reason] of [
  [302, "Redirected"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [500, "ServerError"],
] as const) {
  test(`a receiver that answers ${code} to every request is failing`, async () => {
    await using receiver = await Receiver.start(status(code, { location: "/" }));
    assert.deepEqual(await check(receiver.url), { reason, status: code });
  });

  test(`a receiver that answers ${code} after it has read the body gets no body`, async () => {
    await using receiver = await Receiver.start((own) => async (request, response) => {
      if ((await own.bodyOf(request)) !== undefined) response.writeHead(code, { location: "/" }).end();
    });
    const found = await check(receiver.url);
    assert.deepEqual(found, code === 404 ? undefined : { reason, status: code });
    assert.deepEqual(receiver.bodies, []);
  });
}

test("an authentication that applies only to OPTIONS requests is not a failure", async () => {
  await using receiver = await Receiver.start(() => (request, response) => {
    // The response to a POST request reports that the body is not an event.
    response.writeHead(request.method === "OPTIONS" ? 401 : 400).end();
  });
  assert.equal(await check(receiver.url), undefined);
});

test("the check reports names, connections and certificates that do not work", async () => {
  assert.deepEqual(await check("http://sink.invalid/"), { reason: "NameNotResolved" });
  assert.deepEqual(await check("http://127.0.0.1:1/"), { reason: "ConnectionRefused" });
  const certificate = await makeCertificate({ commonName: "receiver" });
  await using receiver = await EventReceiver.start(certificate);
  assert.deepEqual(await check(receiver.url), { reason: "TlsFailed" });
  assert.equal(await check(receiver.url, { caFile: certificate.certificateFile }), undefined);
});

test("the check reports a certificate that is not for servers", async () => {
  const certificate = await makeCertificate({ commonName: "client", purpose: "clientAuth" });
  await using receiver = await EventReceiver.start(certificate);
  const found = await check(receiver.url, { caFile: certificate.certificateFile });
  assert.deepEqual(found, { reason: "TlsFailed" });
});
