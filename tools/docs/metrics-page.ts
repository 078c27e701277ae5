/** Generates docs/reference/metrics.md from the metric registries: `node tools/docs/metrics-page.ts --write`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "@prometheus-io/client";
import { registerBuildInfo } from "../../src/health/health.ts";
import { createMetrics } from "../../src/engine/metrics/metrics.ts";
import { ControllerMetrics, reflectorMetrics } from "../../src/kube/metrics.ts";
import { ServerClock } from "../../src/kube/http.ts";
import { ServerMetrics } from "../../src/operator/server-metrics.ts";
import type { FtpServer } from "../../src/api/ftpserver.generated.ts";
import { serverOf } from "../../test/support/plan/cluster.ts";

export const PAGE = join(import.meta.dirname, "../../docs/reference/metrics.md");

/** Process metrics that the Prometheus client library provides. */
const DEFAULTS = /^(?:process_|nodejs_)/;

/** A metric in the Prometheus text format, with help text, type, and labeled series. */
interface Metric {
  name: string;
  help: string;
  type: string;
  labels: Set<string>;
}

export async function metricsPage(): Promise<string> {
  const operator = new Registry();
  registerBuildInfo(operator, "ftp_operator_build_info", "operator");
  const controller = new ControllerMetrics(operator, "ftpserver", 1);
  controller.reconcileEnded("Done", 0);
  controller.queue.added(0);
  controller.queue.taken(0, 0);
  reflectorMetrics(operator, new ServerClock())("FtpServer").listed();
  const all = new ServerMetrics(operator, {
    addEventHandler: (handler) => handler({ type: "Added", object: serverWithCondition() }),
  });
  const engine = createMetrics();
  engine.configLoaded("generation");
  engine.additionalStorageChecked("archive", "Writable");
  engine.tlsHandshake("Control", "TLSv1.3", false);
  engine.transferStarted("Upload");
  engine.transferEnded("Upload", "Complete", 0, 0);
  engine.notificationAdded("pipeline");
  engine.readNotifications(() => [{ name: "pipeline", state: "Idle", queued: 0, oldestSeconds: 0 }]);
  engine.objectStorageRequest("GetObject", "Success", 0, true);
  return [
    "# Metrics",
    "",
    "The operator and the engine serve these metrics in the Prometheus text format at `/metrics` on port 8080. Both also serve process metrics (`process_*`) and Node.js metrics (`nodejs_*`).",
    "Do not edit this page: `npm run generate` writes the page from the metric registries.",
    "",
    "## Engine",
    "",
    ...(await table(engine.registry)),
    "",
    "## Operator",
    "",
    "Metrics for the work queue and for reconciles have the same names as in controller-runtime.",
    "",
    ...(await table(all)),
    "",
  ].join("\n");
}

/** Returns an FtpServer with a condition, so that the condition metric has series with labels. */
function serverWithCondition(): FtpServer {
  const condition = { type: "Ready", status: "False", reason: "", message: "" } as const;
  return {
    ...serverOf(),
    status: { conditions: [{ ...condition, observedGeneration: 1, lastTransitionTime: "" }] },
  };
}

async function table(registry: Pick<Registry, "metrics">): Promise<string[]> {
  const rows = parse(await registry.metrics())
    .filter(({ name }) => !DEFAULTS.test(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      ({ name, type, labels, help }) =>
        `| \`${name}\` | ${type} | ${[...labels].map((label) => `\`${label}\``).join(", ")} | ${help} |`,
    );
  return ["| name | type | labels | meaning |", "|---|---|---|---|", ...rows];
}

function parse(text: string): Metric[] {
  const metrics: Metric[] = [];
  for (const line of text.split("\n")) {
    const [, keyword, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    const current = metrics.at(-1);
    if (keyword === "HELP") metrics.push({ name, help: rest, type: "", labels: new Set() });
    else if (keyword === "TYPE" && current !== undefined) current.type = rest;
    else for (const label of labelsIn(line)) current?.labels.add(label);
  }
  return metrics;
}

/** Returns the label names of a series, except the bucket label of a histogram. */
function labelsIn(line: string): string[] {
  return [...line.matchAll(/[{,](\w+)="/g)].map(([, label = ""]) => label).filter((label) => label !== "le");
}

if (process.argv.includes("--write")) writeFileSync(PAGE, await metricsPage());
