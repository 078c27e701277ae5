/** Reads the alerts and the dashboard in the chart. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";

const ROOT = join(import.meta.dirname, "../..");
const FILES = join(ROOT, "charts/ftp-operator/files");

export const ALERTS_FILE = join(FILES, "alerts.yaml");

export interface Alert {
  alert: string;
  expr: string;
  /** Time for which `expr` must be true, for example `10m`. Absent when the alert fires immediately. */
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; description: string; runbook_url: string };
}

interface Panel {
  title: string;
  type: string;
  targets?: { expr: string }[];
}

export function alerts(): Alert[] {
  const { groups }: { groups: { rules: Alert[] }[] } = JSON.parse(
    JSON.stringify(load(readFileSync(ALERTS_FILE, "utf8"))),
  );
  return groups.flatMap(({ rules }) => rules);
}

function dashboard(): { uid: string; panels: Panel[] } {
  return JSON.parse(readFileSync(join(FILES, "dashboard.json"), "utf8"));
}

/** Returns the dashboard queries with the titles of their panels. */
export function queries(): { title: string; expr: string }[] {
  return dashboard().panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ title, expr })),
  );
}

/** Returns the labels of each metric in docs/reference/metrics.md. */
export function documentedMetrics(): Map<string, Set<string>> {
  const page = readFileSync(join(ROOT, "docs/reference/metrics.md"), "utf8");
  const rows = page.matchAll(/^\| `(\w+)` \| \w+ \| (.*?) \|/gm);
  return new Map(
    [...rows].map(([, name = "", labels = ""]) => [
      name,
      new Set([...labels.matchAll(/`(\w+)`/g)].map(([, label = ""]) => label)),
    ]),
  );
}

/** Returns the names of the project's metrics in a query, without histogram suffixes. */
export function metricsIn(expr: string): string[] {
  const names = expr.matchAll(/\b(?:ftp|controller_runtime|workqueue|reflector)_\w+\b/g);
  return [...names].map(([name]) => name.replace(/_(?:bucket|sum|count)$/, ""));
}
