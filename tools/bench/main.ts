/** `make bench`: every server of the comparison side by side. See docs/reference/benchmarks.md. */
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runInteractive } from "../../test/cluster/run.ts";
import { install } from "./install.ts";
import { writePageWithPlots } from "../docs/plots.ts";
import { baselineTable, page, table, type Result } from "./report.ts";
import { type Bench, FULL, prepareFiles, removeUploads, type Row, rowsFor, SHORT } from "./rows.ts";
import { restart, type Server, start, stop } from "./servers.ts";
import { BASELINE, ENGINE, SERVERS, type ServerName, type Site } from "./setups.ts";

const USAGE = `make bench [ROWS=1,2] [RUNS=3] [SERVERS=ftp-operator,vsftpd] [SHORT=yes] [BASELINE=FOLDER]

  ROWS     numbers of the table in docs/reference/benchmarks.md; all of them by default
  RUNS     how often each is measured; 3 by default
  SERVERS  which servers; all of them by default
  SHORT    small sizes, to see that it works; writes no page
  BASELINE checkout of another commit, with its packages and a build; compares this commit with it alone, and writes no page`;

const INSIDE = "FTP_OPERATOR_BENCH_INSIDE";
const FIRST_PORT = 4021;
const PORTS_PER_SERVER = 2;
/** On tmpfs: the disk is no server's merit. */
const FILES = "/dev/shm/ftp-operator-bench";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "" },
    runs: { type: "string", default: "3" },
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

async function measureOnce(row: Row, server: Server, bench: Bench): Promise<number> {
  if (row.fresh === true) await restart(server);
  return await row.measure(server, bench);
}

/** Measures one row: the servers take turns, so that what else the machine does meets them all. */
async function measure(row: Row, servers: readonly Server[], bench: Bench, runs: number): Promise<Result> {
  const figures = new Map<ServerName, number[]>();
  for (let round = 0; round < runs; round++) {
    for (const server of servers.filter(({ name }) => row.skip?.includes(name) !== true)) {
      const what = `${row.number}. ${row.title}: ${server.name}`;
      try {
        const figure = await measureOnce(row, server, bench);
        figures.set(server.name, [...(figures.get(server.name) ?? []), figure]);
        progress(`${what} ${figure.toPrecision(4)} ${row.unit}`);
      } catch (error) {
        progress(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
      }
      await removeUploads(bench);
    }
  }
  return { row, figures };
}

/** The time from the start of our engine to the first login, in seconds. */
async function coldStart(site: Site): Promise<number> {
  const began = performance.now();
  const server = await start(ENGINE, site, FIRST_PORT + 100);
  const took = (performance.now() - began) / 1000;
  await stop(server);
  return took;
}

interface Plan {
  names: readonly ServerName[];
  runs: number;
  rows: readonly Row[];
  bench: Bench;
  /** For configurations. */
  work: string;
}

interface Outcome {
  results: Result[];
  starts: number[];
  versions: Map<ServerName, string>;
}

/** Starts every server, with or without TLS, and measures the rows that ask for that. */
async function measureAll(
  { names, runs, rows, bench, work }: Plan,
  tls: boolean,
  outcome: Outcome,
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
  const outcome: Outcome = { results: [], starts: [], versions: new Map() };
  for (const tls of [false, true]) await measureAll(plan, tls, outcome);
  const site = await siteOf(plan.work, ENGINE, plan.bench, false);
  for (let round = 0; round < plan.runs; round++) outcome.starts.push(await coldStart(site));
  return outcome;
}

/** What the command line asks for; undefined when it asks for nothing that can be done. */
function planned(): Omit<Plan, "bench" | "work"> | undefined {
  const names: ServerName[] =
    values.baseline === "" ? values.servers.split(",").filter(isServer) : [ENGINE, BASELINE];
  const runs = Number(values.runs);
  const wanted = values.rows === "" ? undefined : new Set(values.rows.split(",").map(Number));
  const rows = rowsFor(values.short ? SHORT : FULL).filter(({ number }) => wanted?.has(number) ?? true);
  return names.length === 0 || !(runs >= 1) || rows.length === 0 ? undefined : { names, runs, rows };
}

/**
 * Runs this program again in a network of its own: nothing else is on its loopback, and ports of connections that have ended are
 * free at once, as servers that do not share ports would run out of them.
 */
function inOwnNetwork(): Promise<number> {
  const script = 'ip link set lo up && sysctl -qw net.ipv4.tcp_max_tw_buckets=64 && exec "$@"';
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  return runInteractive(["unshare", "--net", "sh", "-c", script, "sh", ...again], {
    ...process.env,
    [INSIDE]: "yes",
  });
}

/** Prints the figures. Writes the page only after a complete comparison with other servers. */
async function report(outcome: Outcome): Promise<void> {
  const isComplete = !values.short && values.rows === "" && values.baseline === "";
  const { results, starts } = outcome;
  process.stdout.write(`${values.baseline === "" ? table(results, starts) : baselineTable(results)}\n`);
  const notes = await readFile(join(import.meta.dirname, "notes.md"), "utf8");
  if (isComplete) writePageWithPlots("benchmarks", page(outcome, notes));
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
  progress("making files");
  await prepareFiles(where);
  const work = await mkdtemp(join(tmpdir(), "ftp-operator-bench-"));
  try {
    const outcome = await bench({ ...plan, bench: where, work });
    await report(outcome);
    // Ours has to have a figure wherever it was asked for one.
    const failed = plan.names.includes(ENGINE) && outcome.results.some(({ figures }) => !figures.has(ENGINE));
    return failed ? 1 : 0;
  } finally {
    await rm(work, { recursive: true, force: true });
    await rm(FILES, { recursive: true, force: true });
  }
}

process.exitCode = await main();
