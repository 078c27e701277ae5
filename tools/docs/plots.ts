/**
 * Generates docs/reference/plots/*.svg from the tables in the measurement pages. The programs that write the
 * measurement pages also write the plots. `node tools/docs/plots.ts --write` writes the plots of the current pages.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BarChart, barChart, type Value } from "./bar-chart.ts";

const REFERENCE = join(import.meta.dirname, "../../docs/reference");
const FOLDER = join(REFERENCE, "plots");

interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Functions that create the charts for a page from its tables, keyed by page name. */
const PLOTS = {
  benchmarks: benchmarkCharts,
  capacity: capacityCharts,
  scale: scaleCharts,
  reliability: reliabilityCharts,
  soak: soakCharts,
} as const;
export type MeasuredPage = keyof typeof PLOTS;
export const MEASURED_PAGES: readonly MeasuredPage[] = [
  "benchmarks",
  "capacity",
  "scale",
  "reliability",
  "soak",
];

/** Returns the plots of a page, keyed by file name. @param markdown Markdown text of the page */
export function plotsOf(page: MeasuredPage, markdown: string): Map<string, string> {
  const charts = PLOTS[page](tablesIn(markdown));
  return new Map(Object.entries(charts).map(([name, chart]) => [`${page}-${name}.svg`, barChart(chart)]));
}

/** Writes a page and its plots to docs/reference. */
export function writePageWithPlots(page: MeasuredPage, markdown: string): void {
  writeFileSync(pathOf(page), markdown);
  mkdirSync(FOLDER, { recursive: true });
  for (const [file, svg] of plotsOf(page, markdown)) writeFileSync(join(FOLDER, file), svg);
}

export function pathOf(page: MeasuredPage): string {
  return join(REFERENCE, `${page}.md`);
}

function tablesIn(markdown: string): Table[] {
  const blocks = markdown
    .split(/\n(?!\|)/)
    .map((block) => block.split("\n").filter((row) => row.startsWith("|")));
  return blocks
    .filter((rows) => rows.length > 2)
    .map((rows) => {
      const [head = [], , ...cells] = rows.map((row) => row.slice(2, -2).split(" | "));
      return { head, rows: cells };
    });
}

/** Parses a cell such as `12 (10–15)` into a value and its range. Returns undefined for a cell without a number. */
function valueIn(cell = ""): Value | undefined {
  const found = /^([\d.]+)(?: \(([\d.]+)–([\d.]+)\))?/.exec(cell);
  if (!found) return undefined;
  const [value = 0, low, high] = found.slice(1).map((digits) => (digits ? Number(digits) : undefined));
  return low === undefined || high === undefined ? { value } : { value, range: [low, high] };
}

/** Returns a function that charts the rows with a unit. @param columns number of columns after those of the servers */
function chartsByUnit({ head, rows }: Table, columns: number): (title: string, unit: string) => BarChart {
  const series = head.slice(3, head.length - columns);
  return (title, unit) => ({
    title,
    axis: unit,
    series,
    groups: rows
      .filter(([, , cell]) => cell === unit)
      .map(([, label = "", , ...cells]) => ({
        label,
        values: series.map((_, index) => valueIn(cells[index])),
      })),
  });
}

function benchmarkCharts([table = { head: [], rows: [] }]: readonly Table[]): Record<string, BarChart> {
  const chart = chartsByUnit(table, 1);
  return {
    throughput: chart("Transfer of one large file", "MB/s"),
    files: chart("Transfer of small files", "files/s"),
    logins: { ...chart("Logins", "logins/s"), logarithmic: true },
    memory: { ...chart("Memory of idle sessions", "KB/session"), logarithmic: true },
    listings: chart("Listing of a directory with 100,000 entries", "entries/s"),
  };
}

/** Returns no charts for a page that has no values yet. */
function capacityCharts([table]: readonly Table[]): Record<string, BarChart> {
  if (table === undefined) return {};
  const chart = chartsByUnit(table, 0);
  return {
    sessions: { ...chart("Idle sessions in one GiB of memory", "sessions/GiB"), logarithmic: true },
    files: chart("Transfers of 4 KiB files with one core", "files/s per core"),
    ftps: chart("FTPS throughput with one core", "MiB/s per core"),
    logins: { ...chart("Logins with one core", "logins/s per core"), logarithmic: true },
  };
}

function scaleCharts([table]: readonly Table[]): Record<string, BarChart> {
  const { head, rows } = table ?? { head: [], rows: [] };
  const runs = head.slice(2).map((run) => `${run.split(",")[0]} FtpServers,${run.split(",")[1]}`);
  const chart = (title: string, axis: string, picked: Record<string, number>): BarChart => ({
    title,
    axis,
    series: Object.keys(picked),
    groups: runs.map((label, run) => ({
      label,
      values: Object.values(picked).map((row) => valueIn(rows[row]?.[run + 2])),
    })),
  });
  return {
    seconds: chart("Time until all objects exist", "seconds", {
      "children written": 0,
      "statuses written": 1,
      "raw writes of the same objects": 2,
    }),
    memory: {
      ...chart("Resident memory of the operator", "MiB", {
        "all objects written": 5,
        "peak while writing": 6,
        "after a restart": 8,
        "peak after a restart": 9,
      }),
      limit: { value: 256, label: "memory limit" },
    },
  };
}

function reliabilityCharts([table]: readonly Table[]): Record<string, BarChart> {
  const { rows } = table ?? { rows: [] };
  return {
    "round-trips": {
      title: "Round trips of clients during each change",
      axis: "round trips",
      series: ["complete", "failed"],
      groups: rows.map(([label = "", , complete, failed]) => ({
        label,
        values: [valueIn(complete), valueIn(failed)],
      })),
    },
  };
}

function soakCharts([table]: readonly Table[]): Record<string, BarChart> {
  const rows = (table?.rows ?? []).filter(([name = ""]) => name.endsWith(", MiB"));
  return {
    memory: {
      title: "Memory of the engine before and after the load",
      axis: "MiB",
      series: ["before", "after"],
      groups: rows.map(([label = "", before, after]) => ({
        label: label.replace(", MiB", ""),
        values: [valueIn(before), valueIn(after)],
      })),
    },
  };
}

if (import.meta.main && process.argv.includes("--write"))
  for (const page of MEASURED_PAGES) writePageWithPlots(page, readFileSync(pathOf(page), "utf8"));
