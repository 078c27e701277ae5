/**
 * Generates docs/reference/capacity.md from the measurements of `make bench`, which writes the page.
 * `node tools/docs/capacity-page.ts --write` writes the page from the measurements of the last complete run.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { median, short, shortCell } from "../bench/cells.ts";
import type { RawData } from "../bench/report.ts";
import { writePageWithPlots } from "./plots.ts";

/** File with the measurements of the last complete run. */
export const RAW_DATA = join(import.meta.dirname, "../../docs/reference/benchmarks.json");
const ENGINE = "ftp-operator";
/** Row with transfers over TLS. */
const FTPS_ROW = "3";
const GIBIBYTE = 2 ** 30;

type RawRow = RawData["rows"][number];
type RawFigure = RawRow["figures"][string][number];

/** A measure of capacity, which follows from the memory or the CPU time in some rows. */
interface Measure {
  unit: string;
  appliesTo: (row: RawRow) => boolean;
  /** Returns the capacity in the unit of the measure. */
  capacity: (figure: RawFigure) => number;
  /** Returns the part of an example in the table of requests. @param capacity capacity of the engine */
  example: (capacity: number) => { load: string; request: string };
}

function perCpuSecond({ cpuPerItem = Number.NaN }: RawFigure): number {
  return 1 / cpuPerItem;
}

/** Returns an example of a load per second. */
function cores(amount: number, unit: string): Measure["example"] {
  return (capacity) => ({ load: `${amount} ${unit}`, request: `${(amount / capacity).toFixed(2)} cores` });
}

const MEASURES: readonly Measure[] = [
  {
    unit: "sessions/GiB",
    appliesTo: ({ unit }) => unit === "KB/session",
    capacity: ({ value }) => GIBIBYTE / (value * 1000),
    example: (capacity) => ({
      load: "1000 sessions",
      request: `${((1000 / capacity) * 1024).toFixed(0)} MiB`,
    }),
  },
  {
    unit: "files/s per core",
    appliesTo: ({ item }) => item === "file",
    capacity: perCpuSecond,
    example: cores(100, "files/s"),
  },
  {
    unit: "MiB/s per core",
    appliesTo: ({ item, number }) => item === "GiB" && number === FTPS_ROW,
    capacity: (figure) => perCpuSecond(figure) * 1024,
    example: cores(100, "MiB/s"),
  },
  {
    unit: "logins/s per core",
    appliesTo: ({ item }) => item === "login",
    capacity: perCpuSecond,
    example: cores(100, "logins/s"),
  },
];

/** A row of the measurements with the capacities of each server. */
interface Capacity {
  row: RawRow;
  measure: Measure;
  servers: ReadonlyMap<string, readonly number[]>;
}

function capacitiesIn({ rows }: RawData): Capacity[] {
  return MEASURES.flatMap((measure) =>
    rows.filter(measure.appliesTo).map((row) => ({
      row,
      measure,
      servers: new Map(
        Object.entries(row.figures).map(([name, figures]) => [
          name,
          // A short run can take no measurable CPU time.
          figures.map(measure.capacity).filter((value) => Number.isFinite(value) && value > 0),
        ]),
      ),
    })),
  );
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function capacityTable({ versions }: RawData, capacities: readonly Capacity[]): string {
  const names = Object.keys(versions);
  const rows = capacities.map(({ row, measure, servers }) => [
    row.number,
    row.title,
    measure.unit,
    ...names.map((name) => shortCell(servers.get(name))),
  ]);
  return markdown(["#", "measure", "unit", ...names], rows);
}

function requestTable(capacities: readonly Capacity[]): string {
  const rows = capacities.flatMap(({ row, measure, servers }) => {
    const capacity = median(servers.get(ENGINE) ?? []);
    if (Number.isNaN(capacity)) return [];
    const { load, request } = measure.example(capacity);
    return [[row.number, row.title, load, request]];
  });
  return markdown(["#", "measure", "load", "request of the pod"], rows);
}

function figuresOf(data: RawData): string {
  const capacities = capacitiesIn(data);
  const idle = capacities.find(({ measure }) => measure.unit === "sessions/GiB");
  const idleFigures = idle?.servers.get(ENGINE) ?? [];
  const sessions = idleFigures.length === 0 ? "–" : short(median(idleFigures));
  return `- Machine: ${data.machine}
- Servers: ${Object.entries(data.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ")}

${capacityTable(data, capacities)}

![Bar chart: idle sessions in one GiB of memory for five servers](plots/capacity-sessions.svg)

![Bar chart: transfers of small files per second and core for five servers](plots/capacity-files.svg)

![Bar chart: FTPS throughput in MiB per second and core for five servers](plots/capacity-ftps.svg)

![Bar chart: logins per second and core for five servers](plots/capacity-logins.svg)

## Requests of a pod

The memory of idle sessions is in addition to the memory of an idle engine. One GiB holds ${sessions} idle sessions (row 6, 1000 sessions). The following table converts an example load into the resources that one engine needs for this load:

${requestTable(capacities)}`;
}

const NO_FIGURES = `The next complete run of \`make bench\` adds the values to this page.

## Requests of a pod`;

/** Returns the page. @param data measurements of the last complete run, if any */
export function capacityPage(data: RawData | undefined): string {
  return `# Capacity

This page compares the capacity of one engine pod with the capacity of four other FTP servers. \`make bench\` calculates the values from its measurements in \`docs/reference/benchmarks.json\` and writes this page. The first column contains the row of the [benchmarks](benchmarks.md), which also describe the method. Each cell contains the median of the runs and, in parentheses, the lowest and the highest value. A higher value is better.

- **Sessions per GiB** is the number of idle sessions that fit in one GiB of memory. Memory that sessions share counts once.
- **Files, MiB and logins per core** are the amounts of work for each second of CPU time. The CPU time includes all child processes of a server and excludes the clients.

${data === undefined ? NO_FIGURES : figuresOf(data)}

- **CPU request.** Divide the expected load by the value for one core, and add the results for all kinds of load. Your nodes can be faster or slower than the measured machine.
- **CPU limit.** The engine uses one core for FTP commands and TLS, and other cores for password hashes and file operations. Add replicas when a pod needs more than one core for FTP commands and TLS. vsftpd, proftpd and pure-ftpd start at least one process for each session, so they use all cores.
- **Logins after a rollout.** All clients log in again at the same time, and each engine verifies each password once. The rows with the default hash show this load. The other rows use the cheapest hash.
- **Memory request and limit.** The page [Limit resources and quotas](../how-to/resources.md#set-resources-and-sizes) contains the memory of an idle engine, of transfers and of password hashes, and the effect of a limit on the page cache.

## AWS Transfer Family

AWS Transfer Family is a managed service, so this benchmark cannot measure its memory and CPU time. AWS [documents](https://docs.aws.amazon.com/transfer/latest/userguide/API_ProtocolDetails.html) 10,000 simultaneous connections for an FTPS server, and 300 behind a Network Load Balancer or a NAT gateway. In row 8 of the benchmarks, one engine with ten passive ports serves 10,000 sessions and 2,000 simultaneous uploads over TLS from one address.
`;
}

/** Returns the measurements of the last complete run, or undefined before the first complete run. */
export function lastRun(): RawData | undefined {
  return existsSync(RAW_DATA) ? JSON.parse(readFileSync(RAW_DATA, "utf8")) : undefined;
}

if (import.meta.main && process.argv.includes("--write"))
  writePageWithPlots("capacity", capacityPage(lastRun()));
