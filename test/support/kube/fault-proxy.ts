import { readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Agent, request as requestHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { ControlPlane } from "../../cluster/control-plane.ts";

/** Fault that the proxy injects into a response. */
export type Fault =
  /** Responds with a Status object and does not forward the request. */
  | { type: "Answer"; status: number; reason: string; retryAfterSeconds?: number }
  /** Resets the connection before the response. */
  | { type: "Reset" }
  /** Closes the connection after this number of bytes of the response body. */
  | { type: "Cut"; bytes: number };

/** A request that the proxy has received. */
export interface ProxiedRequest {
  method: string;
  url: string;
  isWatch: boolean;
}

/** HTTP proxy that injects faults in front of a real API server. */
export class FaultProxy implements AsyncDisposable {
  /** Returns the fault for a request, or undefined to forward the request. */
  fault: (request: ProxiedRequest) => Fault | undefined = () => undefined;
  /** While the value is true, a watch that receives an event stays open but forwards no further data. */
  silent = false;
  readonly requests: ProxiedRequest[] = [];
  readonly kubeconfig: string;
  readonly #server: Server;
  readonly #upstream: { url: string; agent: Agent };
  readonly #watches = new Set<ServerResponse>();

  private constructor(server: Server, kubeconfig: string, upstream: { url: string; agent: Agent }) {
    this.#server = server;
    this.kubeconfig = kubeconfig;
    this.#upstream = upstream;
    server.on("request", (incoming: IncomingMessage, answer: ServerResponse) =>
      this.#handle(incoming, answer),
    );
  }

  static async start(plane: ControlPlane): Promise<FaultProxy> {
    const [ca, cert, key] = await Promise.all(
      [plane.ca, plane.clientCertificate, plane.clientKey].map((file) => readFile(file)),
    );
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has an AddressInfo
    const { port } = server.address() as AddressInfo;
    const kubeconfig = join(dirname(plane.kubeconfig), `proxy-${port}.kubeconfig`);
    const config = {
      apiVersion: "v1",
      kind: "Config",
      // The client library accepts plain HTTP only with this option.
      clusters: [
        { name: "proxy", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } },
      ],
      users: [{ name: "nobody", user: {} }],
      contexts: [{ name: "proxy", context: { cluster: "proxy", user: "nobody" } }],
      "current-context": "proxy",
    };
    await writeFile(kubeconfig, JSON.stringify(config));
    const agent = new Agent({ ca: ca ?? "", cert: cert ?? "", key: key ?? "", keepAlive: true });
    return new FaultProxy(server, kubeconfig, { url: plane.url, agent });
  }

  /** Closes all open watches, and returns their number. */
  dropWatches(): number {
    const count = this.#watches.size;
    for (const answer of this.#watches) answer.destroy();
    return count;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#upstream.agent.destroy();
  }

  #handle(incoming: IncomingMessage, answer: ServerResponse): void {
    const { method = "GET", url = "/" } = incoming;
    const request = { method, url, isWatch: /[?&]watch=true/.test(url) };
    this.requests.push(request);
    const fault = this.fault(request);
    if (fault?.type === "Reset") return void incoming.socket.resetAndDestroy();
    if (fault?.type === "Answer") return respond(answer, fault);
    this.#forward(incoming, answer, { request, cutAfter: fault?.bytes });
  }

  #forward(
    incoming: IncomingMessage,
    answer: ServerResponse,
    { request, cutAfter }: { request: ProxiedRequest; cutAfter: number | undefined },
  ): void {
    const { url, agent } = this.#upstream;
    const { host: _, ...headers } = incoming.headers;
    const onward = requestHttps(`${url}${request.url}`, { method: request.method, headers, agent });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => {
      this.#watches.delete(answer);
      onward.destroy();
    });
    onward.on("response", (upstream) => {
      answer.writeHead(upstream.statusCode ?? 502, upstream.headers);
      if (request.isWatch) this.#watches.add(answer);
      let passed = 0;
      let muted = false;
      upstream.on("data", (chunk: Buffer) => {
        // If bytes in the middle of the stream were missing, the client could not parse the stream. The proxy therefore
        // drops all later bytes.
        muted ||= request.isWatch && this.silent;
        if (muted) return;
        const rest = cutAfter === undefined ? chunk : chunk.subarray(0, Math.max(cutAfter - passed, 0));
        passed += rest.length;
        answer.write(rest);
        if (cutAfter !== undefined && passed >= cutAfter) setImmediate(() => answer.destroy());
      });
      upstream.on("end", () => answer.end());
      upstream.on("error", () => answer.destroy());
      answer.flushHeaders();
    });
    incoming.pipe(onward);
  }
}

function respond(
  answer: ServerResponse,
  { status, reason, retryAfterSeconds }: Fault & { type: "Answer" },
): void {
  const body = {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    reason,
    code: status,
    message: `injected ${reason}`,
  };
  answer.writeHead(status, {
    "content-type": "application/json",
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
  });
  answer.end(JSON.stringify(body));
}
