/** `make bench`: compares the speed of FTP servers on one machine, and writes docs/reference/benchmarks.md and capacity.md. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { runInteractive } from "../../test/cluster/run.ts";
import { sectionsIn } from "./page-section.ts";
import { install } from "./install.ts";
import { capacityPage, RAW_DATA } from "../docs/capacity-page.ts";
import { pathOf, writePageWithPlots } from "../docs/plots.ts";
import {
  baselineTable,
  cpuTable,
  page,
  rawData,
  table,
  type Figure,
  type Outcome,
  type Result,
} from "./report.ts";
import { type Bench, FULL, prepareFiles, removeUploads, SHORT } from "./files.ts";
import type { Row } from "./row.ts";
import { rowsFor } from "./rows.ts";
import { cpuSeconds, restart, type Server, start, stop } from "./servers.ts";
import { BASELINE, ENGINE, SERVERS, type ServerName, type Site } from "./setups.ts";

/** Minimum number of measurements for the pages. */
const PAGE_RUNS = 3;
const USAGE = `make bench [ROWS=1,2] [RUNS=4] [SERVERS=ftp-operator,vsftpd] [SHORT=yes] [BASELINE=FOLDER]

  ROWS     row numbers such as 3,5a in docs/reference/benchmarks.md (default: all)
  RUNS     number of measurements for each row; use an even number, because the order of the servers alternates (default: 4);
           fewer than ${PAGE_RUNS} do not write the pages
  SERVERS  servers to measure (default: all)
  SHORT    use small sizes to test the benchmark; does not write the pages
  BASELINE checkout of another commit with packages and a build; compares only these two commits and does not write the pages`;

const INSIDE = "FTP_OPERATOR_BENCH_INSIDE";
const FIRST_PORT = 4021;
const PORTS_PER_SERVER = 2;
const SETTLE_MILLISECONDS = 100;
/** The folder is on tmpfs, so that the disk does not limit the results. */
const FILES = "/dev/shm/ftp-operator-bench";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "" },
    runs: { type: "string", default: "4" },
    servers: { type: "string", default: SERVERS.join(",") },
    short: { type: "boolean", default: false },
    baseline: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});

function isServer(name: string): name is ServerName {
  return SERVERS.some((server) => server === name);
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function measureOnce(row: Row, server: Server, bench: Bench): Promise<Figure> {
  if (row.fresh === true) await restart(server);
  const before = await cpuSeconds(server);
  const { value, items, cost } = await row.measure(server, bench);
  // The processes of some servers end shortly after their session.
  await sleep(SETTLE_MILLISECONDS);
  const cpuPerItem = ((await cpuSeconds(server)) - before) / items;
  return { value, cpuPerItem, ...(cost === undefined ? {} : { cost }) };
}

/** Measures a row once. Another server that fails gets one more attempt. Returns undefined after a failure. */
async function measureWithRetry(row: Row, server: Server, bench: Bench): Promise<Figure | undefined> {
  const what = `${row.number}. ${row.title}: ${server.name}`;
  for (let attempts = server.name === ENGINE ? 1 : 2; attempts > 0; attempts--)
    try {
      const figure = await measureOnce(row, server, bench);
      progress(`${what} ${figure.value.toPrecision(4)} ${row.unit}`);
      return figure;
    } catch (error) {
      progress(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await removeUploads(bench);
    }
  return undefined;
}

/**
 * Measures one row. Alternates between the servers, so that other load on the machine affects the servers equally.
 * Reverses their order in every other round, because the first server of a round gets the lowest results.
 */
async function measure(row: Row, servers: readonly Server[], bench: Bench, runs: number): Promise<Result> {
  const figures = new Map<ServerName, Figure[]>();
  const failed = new Set<ServerName>();
  const compared = servers.filter(({ name }) => row.skip?.includes(name) !== true);
  for (let round = 0; round < Math.min(runs, row.mostRuns ?? runs); round++) {
    for (const server of round % 2 === 0 ? compared : compared.toReversed()) {
      const figure = await measureWithRetry(row, server, bench);
      if (figure === undefined) failed.add(server.name);
      else figures.set(server.name, [...(figures.get(server.name) ?? []), figure]);
    }
  }
  return { row, figures, failed };
}

/** Returns the time in seconds from the engine start to the greeting. */
async function coldStart(site: Site): Promise<number> {
  const server = await start(ENGINE, site, FIRST_PORT + 100);
  await stop(server);
  return server.startTime;
}

interface Plan {
  names: readonly ServerName[];
  runs: number;
  rows: readonly Row[];
  bench: Bench;
  /** Folder for configurations. */
  work: string;
}

/** An outcome to which the running benchmark adds results. */
interface RunningOutcome extends Outcome {
  results: Result[];
  starts: number[];
  versions: Map<ServerName, string>;
}

/** Starts all servers with or without TLS, and measures the matching rows. */
async function measureAll(
  { names, runs, rows, bench, work }: Plan,
  tls: boolean,
  outcome: RunningOutcome,
): Promise<void> {
  const chosen = rows.filter((row) => row.tls === tls);
  const servers: Server[] = [];
  try {
    for (const [index, name] of (chosen.length === 0 ? [] : names).entries()) {
      const site = await siteOf(work, name, bench, tls);
      const server = await start(name, site, FIRST_PORT + index * PORTS_PER_SERVER);
      servers.push(server);
      outcome.versions.set(name, server.version);
    }
    for (const row of chosen) outcome.results.push(await measure(row, servers, bench, runs));
  } finally {
    await Promise.all(servers.map(stop));
  }
}

async function siteOf(
  work: string,
  name: ServerName,
  { installed, files }: Bench,
  tls: boolean,
): Promise<Site> {
  const site = { installed, work: join(work, name), files, tls, baseline: values.baseline };
  await mkdir(site.work, { recursive: true });
  return site;
}

async function bench(plan: Plan): Promise<Outcome> {
  const outcome: RunningOutcome = { results: [], starts: [], versions: new Map() };
  for (const tls of [false, true]) await measureAll(plan, tls, outcome);
  const site = await siteOf(plan.work, ENGINE, plan.bench, false);
  for (let round = 0; round < plan.runs; round++) outcome.starts.push(await coldStart(site));
  return outcome;
}

/** Returns the servers, rows and runs from the command line, or undefined when the command line is invalid. */
function planned(): Omit<Plan, "bench" | "work"> | undefined {
  const names: ServerName[] =
    values.baseline === "" ? values.servers.split(",").filter(isServer) : [ENGINE, BASELINE];
  const runs = Number(values.runs);
  const wanted = values.rows === "" ? undefined : new Set(values.rows.split(","));
  const rows = rowsFor(values.short ? SHORT : FULL).filter(({ number }) => wanted?.has(number) ?? true);
  return names.length === 0 || !(runs >= 1) || rows.length === 0 ? undefined : { names, runs, rows };
}

/**
 * Runs this program in a new network namespace. In a new namespace, no connection from an earlier program blocks a
 * port. In the namespace of the host, servers that do not share ports would run out of ports.
 */
function inOwnNetwork(): Promise<number> {
  const script = 'ip link set lo up && sysctl -qw net.ipv4.tcp_max_tw_buckets=64 && exec "$@"';
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  return runInteractive(["unshare", "--net", "sh", "-c", script, "sh", ...again], {
    ...process.env,
    [INSIDE]: "yes",
  });
}

/** Prints the figures. Writes the pages and the raw data only after a complete comparison with the other servers. */
async function report(outcome: Outcome): Promise<void> {
  const isComplete =
    !values.short &&
    values.rows === "" &&
    values.baseline === "" &&
    Number(values.runs) >= PAGE_RUNS &&
    outcome.versions.size === SERVERS.length;
  const { results, starts } = outcome;
  const tables =
    values.baseline === "" ? [table(results, starts), cpuTable(results)] : [baselineTable(results)];
  process.stdout.write(`${tables.join("\n\n")}\n`);
  const notes = await readFile(join(import.meta.dirname, "notes.md"), "utf8");
  const sections = sectionsIn(await readFile(pathOf("benchmarks"), "utf8"));
  if (!isComplete) return;
  const data = rawData(outcome);
  await writeFile(RAW_DATA, `${JSON.stringify(data, undefined, 1)}\n`);
  writePageWithPlots("benchmarks", page(outcome, `${sections}\n${notes}`));
  writePageWithPlots("capacity", capacityPage(data));
}

async function main(): Promise<number> {
  const plan = planned();
  if (values.help || plan === undefined) {
    (values.help ? process.stdout : process.stderr).write(`${USAGE}\n`);
    return values.help ? 0 : 2;
  }
  if (process.env[INSIDE] === undefined) {
    progress("installing the other servers and building the load program");
    await install();
    return await inOwnNetwork();
  }
  const where: Bench = {
    installed: await install(),
    files: join(FILES, "files"),
    sizes: values.short ? SHORT : FULL,
  };
  progress("creating files");
  await prepareFiles(where);
  const work = await mkdtemp(join(tmpdir(), "ftp-operator-bench-"));
  try {
    const outcome = await bench({ ...plan, bench: where, work });
    await report(outcome);
    return outcome.results.some(({ failed }) => failed.size > 0) ? 1 : 0;
  } finally {
    await rm(work, { recursive: true, force: true });
    await rm(FILES, { recursive: true, force: true });
  }
}

process.exitCode = await main();
