import { readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Agent, request as requestHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { ControlPlane } from "../../cluster/control-plane.ts";

/** What the proxy does instead of passing an answer on. */
export type Fault =
  /** An answer of the API server's own kind, without asking it. */
  | { type: "Answer"; status: number; reason: string; retryAfterSeconds?: number }
  /** The connection breaks before an answer. */
  | { type: "Reset" }
  /** The answer's body breaks after so many bytes. */
  | { type: "Cut"; bytes: number };

export interface Asked {
  method: string;
  url: string;
  isWatch: boolean;
}

/** An HTTP door to a real API server that breaks on demand. */
export class FaultProxy implements AsyncDisposable {
  /** Decides on each request; undefined passes it on. */
  fault: (asked: Asked) => Fault | undefined = () => undefined;
  /** A watch with something to tell while this is true says nothing any more, and is not closed either. */
  silent = false;
  readonly asked: Asked[] = [];
  readonly kubeconfig: string;
  readonly #server: Server;
  readonly #upstream: { url: string; agent: Agent };
  readonly #watches = new Set<ServerResponse>();

  private constructor(server: Server, kubeconfig: string, upstream: { url: string; agent: Agent }) {
    this.#server = server;
    this.kubeconfig = kubeconfig;
    this.#upstream = upstream;
    server.on("request", (asked: IncomingMessage, answer: ServerResponse) => this.#handle(asked, answer));
  }

  static async start(plane: ControlPlane): Promise<FaultProxy> {
    const [ca, cert, key] = await Promise.all(
      [plane.ca, plane.clientCertificate, plane.clientKey].map((file) => readFile(file)),
    );
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has one
    const { port } = server.address() as AddressInfo;
    const kubeconfig = join(dirname(plane.kubeconfig), `proxy-${port}.kubeconfig`);
    const config = {
      apiVersion: "v1",
      kind: "Config",
      // The client library takes plain HTTP only from those who say that they mean it.
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

  /** Breaks every open watch. */
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
    const asked = { method, url, isWatch: /[?&]watch=true/.test(url) };
    this.asked.push(asked);
    const fault = this.fault(asked);
    if (fault?.type === "Reset") return void incoming.socket.resetAndDestroy();
    if (fault?.type === "Answer") return refuse(answer, fault);
    this.#forward(incoming, answer, { asked, cutAfter: fault?.bytes });
  }

  #forward(
    incoming: IncomingMessage,
    answer: ServerResponse,
    { asked, cutAfter }: { asked: Asked; cutAfter: number | undefined },
  ): void {
    const { url, agent } = this.#upstream;
    const { host: _, ...headers } = incoming.headers;
    const onward = requestHttps(`${url}${asked.url}`, { method: asked.method, headers, agent });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => {
      this.#watches.delete(answer);
      onward.destroy();
    });
    onward.on("response", (upstream) => {
      answer.writeHead(upstream.statusCode ?? 502, upstream.headers);
      if (asked.isWatch) this.#watches.add(answer);
      let passed = 0;
      let muted = false;
      upstream.on("data", (chunk: Buffer) => {
        // Bytes that were lost make every later one of the connection worthless.
        muted ||= asked.isWatch && this.silent;
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

function refuse(
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
