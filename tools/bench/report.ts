/** Generates the result tables and docs/reference/benchmarks.md. */
import { cpus, release, totalmem } from "node:os";
import type { Row } from "./rows.ts";
import { BASELINE, ENGINE, SERVERS, type ServerName } from "./setups.ts";

export interface Result {
  row: Row;
  figures: ReadonlyMap<ServerName, readonly number[]>;
}

const GIBIBYTE = 2 ** 30;
/** Maximum start time in seconds according to the project goal. */
const START_GOAL = 0.3;

/** Returns whether higher values are better in a row with this unit. */
function isRate({ unit }: Row): boolean {
  return unit.endsWith("/s");
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function short(figure: number): string {
  return figure >= 100 ? figure.toFixed(0) : figure.toPrecision(3);
}

/** Returns the median, and in parentheses the lowest and the highest value. */
function cell(figures: readonly number[] | undefined): string {
  if (figures === undefined || figures.length === 0) return "–";
  const [least, most] = [Math.min(...figures), Math.max(...figures)];
  return figures.length === 1
    ? short(median(figures))
    : `${short(median(figures))} (${short(least)}–${short(most)})`;
}

/**
 * Returns the ratio of the engine result to the best result from the other servers, and whether the ratio meets the
 * goal. A higher ratio is better.
 */
function verdict({ row, figures }: Result): string {
  const ours = median(figures.get(ENGINE) ?? []);
  if (Number.isNaN(ours)) return "goal missed: no result";
  if (row.most !== undefined) return `goal ≤ ${row.most}: ${ours <= row.most ? "met" : "missed"}`;
  const counts = (name: ServerName): boolean =>
    name !== ENGINE && name !== BASELINE && (row.against?.includes(name) ?? true);
  const others = [...figures].flatMap(([name, list]) => (counts(name) ? [median(list)] : []));
  if (others.length === 0) return "–";
  const best = isRate(row) ? Math.max(...others) : Math.min(...others);
  const ratio = isRate(row) ? ours / best : best / ours;
  return `${ratio.toFixed(2)}, goal ≥ ${row.goal}: ${ratio >= (row.goal ?? 1) ? "met" : "missed"}`;
}

/** Returns a table that compares the engine with another build of the engine. */
export function baselineTable(results: readonly Result[]): string {
  const rows = results.map(({ row, figures }) => {
    const ours = figures.get(ENGINE) ?? [];
    const before = figures.get(BASELINE) ?? [];
    const ratio = median(ours) / median(before);
    const gain = isRate(row) ? ratio : 1 / ratio;
    return [`${row.number}`, row.title, row.unit, cell(before), cell(ours), `${gain.toFixed(2)} x`];
  });
  const head = ["#", "measure", "unit", BASELINE, ENGINE, "gain"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

export function table(results: readonly Result[], starts: readonly number[]): string {
  const head = ["#", "measure", "unit", ...SERVERS, "ratio to the best"];
  const lines = results.map((result) => [
    `${result.row.number}`,
    result.row.title,
    result.row.unit,
    ...SERVERS.map((name) => cell(result.figures.get(name))),
    verdict(result),
  ]);
  const start = [
    "14",
    "time from program start to greeting",
    "s",
    cell(starts),
    ...SERVERS.slice(1).map(() => "–"),
    `goal ≤ ${START_GOAL}: ${median(starts) <= START_GOAL ? "met" : "missed"}`,
  ];
  const rows = [head, head.map(() => "---"), ...lines, ...(starts.length === 0 ? [] : [start])];
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/**
 * Returns the page, which contains measured values, a description of the machine, and instructions for interpreting the
 * values.
 * @param notes text for the page: object storage measurements, method and causes
 */
export function page(
  {
    results,
    starts,
    versions,
  }: { results: readonly Result[]; starts: readonly number[]; versions: ReadonlyMap<ServerName, string> },
  notes: string,
): string {
  const [cpu] = cpus();
  return `# Benchmarks

\`make bench\` measures the engine and four other FTP servers on one machine and writes this page. Each cell contains the median of the runs and, in parentheses, the lowest and the highest value. The measurements alternate between the servers. Compare servers only within one run, because absolute values depend on the
machine.

- Machine: ${cpus().length} × ${cpu?.model ?? "unknown"}, ${Math.round(totalmem() / GIBIBYTE)} GiB, Linux ${release()}, Node.js ${process.version.slice(1)}
- Servers: ${[...versions].map(([name, version]) => `${name} ${version}`).join(", ")}

The last column contains the ratio of ftp-operator to the best other server, and the project goal. In the plots, the line at the end of a bar extends from the lowest to the highest value.

${table(results, starts)}

![Bar chart: throughput of one large file in MB/s for five servers](plots/benchmarks-throughput.svg)

![Bar chart: transfers of small files per second for five servers](plots/benchmarks-files.svg)

![Bar chart: logins per second for five servers](plots/benchmarks-logins.svg)

![Bar chart: memory of idle sessions in KB per session for five servers](plots/benchmarks-memory.svg)

![Bar chart: listed entries per second for five servers](plots/benchmarks-listings.svg)

${notes.trim()}
`;
}
