import { createServer, type Server } from "node:http";
import { Gauge, type Registry } from "@prometheus-io/client";
import { BUILD } from "../common/version.ts";
import { urlOfTarget } from "../common/urls.ts";

export interface HealthOptions {
  port: number;
  /** Address of this machine where the port is bound; undefined: all. */
  host?: string | undefined;
  registry: Registry;
  /** Whether it can do its work; false answers 503. */
  isReady: () => boolean;
  /** What /readyz answers, as JSON; undefined: one word. */
  report?: () => unknown;
}

/** Serves /healthz, /readyz and /metrics. Resolves when it listens. */
export async function serveHealth({ port, host, registry, isReady, report }: HealthOptions): Promise<Server> {
  const readiness = (): [body: string, type?: string] =>
    report === undefined
      ? [isReady() ? "ok\n" : "not ready\n"]
      : [`${JSON.stringify(report())}\n`, "application/json"];
  const server = createServer((request, response) => {
    const answer = (status: number, body: string, type = "text/plain; charset=utf-8"): void => {
      response.writeHead(status, { "content-type": type }).end(body);
    };
    switch (urlOfTarget(request.url)?.pathname) {
      case "/healthz":
        return answer(200, "ok\n");
      case "/readyz":
        return answer(isReady() ? 200 : 503, ...readiness());
      case "/metrics":
        return void registry.metrics().then(
          (text) => answer(200, text, registry.contentType),
          (error: unknown) => answer(500, `${String(error)}\n`),
        );
      case undefined:
        return answer(400, "not a path; try /healthz, /readyz or /metrics\n");
      default:
        return answer(404, "try /healthz, /readyz or /metrics\n");
    }
  });
  server.listen(port, host);
  await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
  return server;
}

/**
 * Registers a gauge that is always 1 and carries the program's version in its labels, as the programs of Prometheus do.
 * @param name ends in `_build_info`
 */
export function registerBuildInfo(registry: Registry, name: string, program: string): void {
  const labels = { version: BUILD.version, revision: BUILD.commit ?? "", node_version: BUILD.node };
  const info = new Gauge({
    name,
    help: `Always 1; the labels are the version of the ${program}, its commit (empty when not known) and its Node.js.`,
    labelNames: Object.keys(labels),
    registers: [registry],
  });
  info.set(labels, 1);
}
