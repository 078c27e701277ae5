/** Generates docs/reference/metrics.md from the metric registries: `node tools/docs/metrics-page.ts --write`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "@prometheus-io/client";
import { registerBuildInfo } from "../../src/health/health.ts";
import { createMetrics } from "../../src/engine/metrics/metrics.ts";
import { ControllerMetrics, reflectorMetrics } from "../../src/kube/metrics.ts";
import { ServerClock } from "../../src/kube/http.ts";
import { registerServerMetrics } from "../../src/operator/server-metrics.ts";
import type { FtpServer } from "../../src/api/ftpserver.generated.ts";
import { serverOf } from "../../test/support/plan/cluster.ts";

export const PAGE = join(import.meta.dirname, "../../docs/reference/metrics.md");

/** Metrics of the client library about the process. */
const DEFAULTS = /^(?:process_|nodejs_)/;

interface Metric {
  name: string;
  help: string;
  type: string;
  values?: { labels: Record<string, unknown> }[];
}

export async function metricsPage(): Promise<string> {
  const operator = new Registry();
  registerBuildInfo(operator, "ftp_operator_build_info", "operator");
  const controller = new ControllerMetrics(operator, "ftpserver", 1);
  controller.reconcileEnded("Done", 0);
  controller.queue.added(0);
  controller.queue.taken(0, 0);
  reflectorMetrics(operator, new ServerClock())("FtpServer").listed();
  registerServerMetrics(operator, {
    addEventHandler: (handler) => handler({ type: "Added", object: serverInTrouble() }),
  });
  const engine = createMetrics();
  engine.configLoaded("generation");
  engine.transferStarted("Upload");
  engine.transferEnded("Upload", "Complete", 0, 0);
  return [
    "# Metrics",
    "",
    "The operator and the engine serve these metrics in the Prometheus text format at `/metrics` on port 8080. Both also serve metrics of the process and of Node.js (`process_*`, `nodejs_*`).",
    "`npm run generate` writes this page from the metric registries; do not edit it.",
    "",
    "## Engine",
    "",
    ...(await table(engine.registry)),
    "",
    "## Operator",
    "",
    "Metrics of the work queue and of reconciles have the names of controller-runtime.",
    "",
    ...(await table(operator)),
    "",
  ].join("\n");
}

/** Returns an FtpServer whose condition is False, so that the metric has its labels. */
function serverInTrouble(): FtpServer {
  const condition = { type: "Ready", status: "False", reason: "", message: "" } as const;
  return {
    ...serverOf(),
    status: { conditions: [{ ...condition, observedGeneration: 1, lastTransitionTime: "" }] },
  };
}

async function table(registry: Registry): Promise<string[]> {
  const metrics: Metric[] = JSON.parse(JSON.stringify(await registry.getMetricsAsJSON()));
  const rows = metrics
    .filter(({ name }) => !DEFAULTS.test(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, help, values = [] }) => {
      const labels = new Set(values.flatMap(({ labels: found }) => Object.keys(found)));
      labels.delete("le");
      return `| \`${name}\` | ${type} | ${[...labels].map((label) => `\`${label}\``).join(", ")} | ${help} |`;
    });
  return ["| name | type | labels | meaning |", "|---|---|---|---|", ...rows];
}

if (process.argv.includes("--write")) writeFileSync(PAGE, await metricsPage());
