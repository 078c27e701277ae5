import { createServer, type Server } from "node:http";
import { Gauge, type Registry } from "@prometheus-io/client";
import { urlOfTarget } from "../common/urls.ts";
import { BUILD } from "../common/version.ts";

export interface HealthOptions {
  port: number;
  /** Local address for the server. Defaults to all addresses. */
  host?: string | undefined;
  registry: Pick<Registry, "contentType" | "metrics">;
  /** Returns whether `/readyz` responds with status 200 instead of 503. */
  isReady: () => boolean;
  /** Returns the JSON response for `/readyz`. If undefined, the response is the text `ok` or `not ready`. */
  report?: () => unknown;
}

/** Serves `/healthz`, `/readyz` and `/metrics`. The promise resolves when the server listens. */
export async function serveHealth({ port, host, registry, isReady, report }: HealthOptions): Promise<Server> {
  const readiness = (): [body: string, type?: string] =>
    report === undefined
      ? [isReady() ? "ok\n" : "not ready\n"]
      : [`${JSON.stringify(report())}\n`, "application/json"];
  const server = createServer((request, response) => {
    const respond = (status: number, body: string, type = "text/plain; charset=utf-8"): void => {
      response.writeHead(status, { "content-type": type }).end(body);
    };
    switch (urlOfTarget(request.url)?.pathname) {
      case "/healthz":
        return respond(200, "ok\n");
      case "/readyz":
        return respond(isReady() ? 200 : 503, ...readiness());
      case "/metrics":
        return void registry.metrics().then(
          (text) => respond(200, text, registry.contentType),
          (error: unknown) => respond(500, `${String(error)}\n`),
        );
      case undefined:
        return respond(400, "invalid path; use /healthz, /readyz or /metrics\n");
      default:
        return respond(404, "not found; use /healthz, /readyz or /metrics\n");
    }
  });
  server.listen(port, host);
  await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
  return server;
}

/**
 * Registers a gauge with the value 1 and the program version in its labels.
 * @param name metric name, which ends in `_build_info` like the names in other Prometheus exporters
 */
export function registerBuildInfo(registry: Registry, name: string, program: string): void {
  const labels = { version: BUILD.version, revision: BUILD.commit ?? "", node_version: BUILD.node };
  const info = new Gauge({
    name,
    help: `Always 1. The labels contain the ${program} version, its Git commit (empty if unknown) and the Node.js version.`,
    labelNames: Object.keys(labels),
    registers: [registry],
  });
  info.set(labels, 1);
}
