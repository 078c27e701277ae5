/** Generates the result tables and docs/reference/benchmarks.md. */
import { machine, median, short, shortCell } from "./cells.ts";
import { CPU_UNITS, type RatioGoal, type Row } from "./row.ts";
import { BASELINE, ENGINE, SERVERS, type ServerName } from "./setups.ts";

/** One measurement of a row. */
export interface Figure {
  /** Value in the unit of the row. */
  value: number;
  /** CPU time of the server and its child processes in seconds per item. */
  cpuPerItem: number;
  /** Time in seconds that the goal `mostCost` of the row refers to. */
  cost?: number;
}

export interface Result {
  row: Row;
  figures: ReadonlyMap<ServerName, readonly Figure[]>;
  /** Servers with a failed measurement. A failure makes the comparison invalid. */
  failed: ReadonlySet<ServerName>;
}

/** A complete run of the benchmark. */
export interface Outcome {
  results: readonly Result[];
  /** Times from the engine start to the greeting in seconds. */
  starts: readonly number[];
  versions: ReadonlyMap<ServerName, string>;
}

/** Maximum start time in seconds according to the project goal. */
const START_GOAL = 0.2;

/** Returns whether higher values are better in a row with this unit. */
function isRate({ unit }: Row): boolean {
  return unit.endsWith("/s");
}

/** Returns the result of the engine relative to the project goals of the row, and whether the result meets the goals. */
function verdict(result: Result): string {
  const { row, figures, failed } = result;
  const ours = figures.get(ENGINE) ?? [];
  if (failed.size > 0) return `invalid: ${[...failed].join(", ")} failed`;
  if (ours.length === 0) return "goal missed: no result";
  if (row.most !== undefined) return atMost(median(valuesOf(ours)), row.most);
  if (row.mostCost !== undefined) {
    const costs = ours.map(({ cost = Number.NaN }) => cost);
    const ratio = median(ours.map(({ value }, index) => value / (costs[index] ?? Number.NaN)));
    return `${ratio.toFixed(2)} x hashing on all cores (${short(median(costs))} s), ${atMost(ratio, row.mostCost)}`;
  }
  return (row.goals ?? []).map((goal) => ratioVerdict(result, goal)).join("; ");
}

function atMost(value: number, most: number): string {
  return `goal ≤ ${most}: ${value <= most ? "met" : "missed"}`;
}

/** Returns the ratio to the best result from the other servers. A higher ratio is better. */
function ratioVerdict({ row, figures }: Result, { least, against }: RatioGoal): string {
  const counts = (name: ServerName): boolean =>
    name !== ENGINE && name !== BASELINE && (against?.includes(name) ?? true);
  const others = [...figures].flatMap(([name, list]) => (counts(name) ? [median(valuesOf(list))] : []));
  if (others.length === 0) return "–";
  const ours = median(valuesOf(figures.get(ENGINE)));
  const ratio = isRate(row) ? ours / Math.max(...others) : Math.min(...others) / ours;
  const than = against === undefined ? "" : ` x the better of ${against.join(" and ")}`;
  return `${ratio.toFixed(2)}${than}, goal ≥ ${least}: ${ratio >= least ? "met" : "missed"}`;
}

function valuesOf(figures: readonly Figure[] = []): number[] {
  return figures.map(({ value }) => value);
}

/** Returns CPU times per item in the unit of a row. */
function cpuTimesOf({ item }: Row, figures: readonly Figure[] = []): number[] {
  return item === undefined ? [] : figures.map(({ cpuPerItem }) => cpuPerItem * CPU_UNITS[item].perSecond);
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/**
 * Returns a table that compares the engine with another build of the engine. A ratio of the CPU time below 1 is better.
 */
export function baselineTable(results: readonly Result[]): string {
  const rows = results.map(({ row, figures }) => {
    const [before, ours] = [figures.get(BASELINE), figures.get(ENGINE)];
    const ratio = median(valuesOf(ours)) / median(valuesOf(before));
    const gain = isRate(row) ? ratio : 1 / ratio;
    const cpu = median(cpuTimesOf(row, ours)) / median(cpuTimesOf(row, before));
    const ratios = [`${gain.toFixed(2)} x`, Number.isNaN(cpu) ? "–" : `${cpu.toFixed(2)} x`];
    return [
      row.number,
      row.title,
      row.unit,
      shortCell(valuesOf(before)),
      shortCell(valuesOf(ours)),
      ...ratios,
    ];
  });
  return markdown(["#", "measure", "unit", BASELINE, ENGINE, "gain", "CPU time"], rows);
}

/**
 * Returns the ratio of the CPU time of the engine to that of vsftpd if the row has a goal, and otherwise to the lowest
 * CPU time of the other servers.
 */
function cpuVerdict({ row, figures, failed }: Result): string {
  if (failed.size > 0) return "–";
  const timeOf = (name: ServerName): number => median(cpuTimesOf(row, figures.get(name)));
  const others = SERVERS.filter((name) => name !== ENGINE && figures.has(name));
  const { mostCpu } = row;
  const ratio = timeOf(ENGINE) / (mostCpu === undefined ? Math.min(...others.map(timeOf)) : timeOf("vsftpd"));
  if (!Number.isFinite(ratio)) return "–";
  if (mostCpu === undefined) return ratio.toFixed(2);
  return `${ratio.toFixed(2)} x vsftpd, goal ≤ ${mostCpu}: ${ratio <= mostCpu ? "met" : "missed"}`;
}

/** Returns the table of CPU times per item, child processes included. */
export function cpuTable(results: readonly Result[]): string {
  const rows = results.flatMap((result) => {
    const { row, figures } = result;
    if (row.item === undefined) return [];
    const cells = SERVERS.map((name) => shortCell(cpuTimesOf(row, figures.get(name))));
    return [[row.number, row.title, CPU_UNITS[row.item].unit, ...cells, cpuVerdict(result)]];
  });
  return markdown(["#", "measure", "CPU time in", ...SERVERS, "ratio to the lowest, or to vsftpd"], rows);
}

/** All measurements of a run, for other programs. */
export interface RawData {
  machine: string;
  /** Versions of the servers, keyed by server name. */
  versions: Record<string, string>;
  rows: {
    number: string;
    title: string;
    unit: string;
    item?: keyof typeof CPU_UNITS;
    /** Measurements, keyed by server name. `cpuPerItem` is in seconds and is absent in rows without an item. */
    figures: Record<string, (Omit<Figure, "cpuPerItem"> & { cpuPerItem?: number })[]>;
  }[];
  /** Times from the engine start to the greeting in seconds. */
  starts: readonly number[];
}

export function rawData({ results, starts, versions }: Outcome): RawData {
  const rows = results.map(({ row: { number, title, unit, item }, figures }) => ({
    number,
    title,
    unit,
    ...(item === undefined ? {} : { item }),
    figures: Object.fromEntries(
      [...figures].map(([name, list]) => [
        name,
        list.map(({ cpuPerItem, ...figure }) => (item === undefined ? figure : { ...figure, cpuPerItem })),
      ]),
    ),
  }));
  return { machine: machine(), versions: Object.fromEntries(versions), rows, starts };
}

export function table(results: readonly Result[], starts: readonly number[]): string {
  const head = ["#", "measure", "unit", ...SERVERS, "ratio to the best"];
  const lines = results.map((result) => [
    result.row.number,
    result.row.title,
    result.row.unit,
    ...SERVERS.map((name) => shortCell(valuesOf(result.figures.get(name)))),
    verdict(result),
  ]);
  const start = [
    "14",
    "time from program start to greeting",
    "s",
    shortCell(starts),
    ...SERVERS.slice(1).map(() => "–"),
    atMost(median(starts), START_GOAL),
  ];
  return markdown(head, starts.length === 0 ? lines : [...lines, start]);
}

/**
 * Returns the page, which contains measured values, a description of the machine, and instructions for interpreting the
 * values.
 * @param notes text for the page: object storage measurements, method and causes
 */
export function page({ results, starts, versions }: Outcome, notes: string): string {
  return `# Benchmarks

\`make bench\` measures the engine and four other FTP servers on one machine and writes this page. Each cell contains the median of the runs and, in parentheses, the lowest and the highest value. A run with large files or listings measures the fastest transfer within three seconds, or within six seconds with several clients. The measurements alternate between the servers. A failed measurement of another server is repeated once. Compare servers only within one run, because absolute values depend on the
machine.

- Machine: ${machine()}
- Servers: ${[...versions].map(([name, version]) => `${name} ${version}`).join(", ")}

The last column contains the ratio of ftp-operator to the best other server, and the project goal. The file \`docs/reference/benchmarks.json\` contains all measurements. The page [Capacity](capacity.md) derives the capacity of a pod from these measurements. In the plots, the line at the end of a bar extends from the lowest to the highest value.

${table(results, starts)}

The second table contains the CPU time of each server per item, including its child processes. A lower value is better. CPU times vary less than the throughput, which also depends on the load program.

${cpuTable(results)}

![Bar chart: throughput of one large file in MB/s for five servers](plots/benchmarks-throughput.svg)

![Bar chart: transfers of small files per second for five servers](plots/benchmarks-files.svg)

![Bar chart: logins per second for five servers](plots/benchmarks-logins.svg)

![Bar chart: memory of idle sessions in KB per session for five servers](plots/benchmarks-memory.svg)

![Bar chart: listed entries per second for five servers](plots/benchmarks-listings.svg)

${notes.trim()}
`;
}
