/** `make bench`: every server of the comparison side by side. See docs/benchmarks.md. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { run } from "../cluster/run.ts";
import { install } from "./install.ts";
import { page } from "./page.ts";
import { table, type Result } from "./report.ts";
import { type Bench, FULL, prepareFiles, type Row, rowsFor, SHORT } from "./rows.ts";
import { ENGINE, type Server, SERVERS, type ServerName, start, stop } from "./servers.ts";

const USAGE = `make bench [ROWS=1,2] [RUNS=3] [SERVERS=ftp-operator,vsftpd] [SHORT=yes]

  ROWS     numbers of the table in docs/benchmarks.md; all of them by default
  RUNS     how often each is measured; 3 by default
  SERVERS  which servers; all of them by default
  SHORT    small sizes, to see that it works; writes no page`;

const FIRST_PORT = 4021;
const PORTS_PER_SERVER = 2;
const PAGE = join(import.meta.dirname, "../../docs/benchmarks.md");
/** On tmpfs: the disk is no server's merit. */
const FILES = "/dev/shm/ftp-operator-bench";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "" },
    runs: { type: "string", default: "3" },
    servers: { type: "string", default: SERVERS.join(",") },
    short: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

function isServer(name: string): name is ServerName {
  return SERVERS.some((server) => server === name);
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Measures one row: the servers take turns, so that what else the machine does meets them all. */
async function measure(row: Row, servers: readonly Server[], bench: Bench, runs: number): Promise<Result> {
  const figures = new Map<ServerName, number[]>();
  for (let round = 0; round < runs; round++) {
    for (const server of servers.filter(({ name }) => row.skip?.includes(name) !== true)) {
      try {
        const figure = await row.measure(server, bench);
        figures.set(server.name, [...(figures.get(server.name) ?? []), figure]);
        progress(`${row.number}. ${row.title}: ${server.name} ${figure.toPrecision(4)} ${row.unit}`);
      } catch (error) {
        progress(`${row.number}. ${row.title}: ${server.name} failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return { row, figures };
}

/** The time from the start of our engine to the first login, in seconds. */
async function coldStart(bench: Bench, work: string): Promise<number> {
  const began = performance.now();
  const site = { installed: bench.installed, work, files: bench.files, tls: false };
  const server = await start(ENGINE, site, FIRST_PORT + 100);
  const took = (performance.now() - began) / 1000;
  await stop(server);
  return took;
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const names = values.servers.split(",").filter(isServer);
  const runs = Number(values.runs);
  const sizes = values.short ? SHORT : FULL;
  const wanted = values.rows === "" ? undefined : values.rows.split(",").map(Number);
  const rows = rowsFor(sizes).filter(({ number }) => wanted?.includes(number) ?? true);
  if (names.length === 0 || !(runs >= 1) || rows.length === 0) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  progress("installing the other servers and building the load program");
  const bench: Bench = { installed: await install(), files: join(FILES, "files"), sizes };
  progress("making files");
  await prepareFiles(bench);
  const work = await mkdtemp(join(tmpdir(), "ftp-operator-bench-"));
  const results: Result[] = [];
  const versions = new Map<ServerName, Server>();
  try {
    for (const tls of [false, true]) {
      const chosen = rows.filter((row) => row.tls === tls);
      if (chosen.length === 0) continue;
      const servers: Server[] = [];
      try {
        for (const [index, name] of names.entries()) {
          const place = { installed: bench.installed, work: join(work, name), files: bench.files, tls };
          await run(["mkdir", "-p", place.work]);
          const server = await start(name, place, FIRST_PORT + index * PORTS_PER_SERVER);
          servers.push(server);
          versions.set(name, server);
        }
        for (const row of chosen) results.push(await measure(row, servers, bench, runs));
      } finally {
        await Promise.all(servers.map(stop));
      }
    }
    const starts: number[] = [];
    for (let round = 0; round < runs && names.includes(ENGINE); round++)
      starts.push(await coldStart(bench, join(work, ENGINE)));
    const text = table(results, starts);
    process.stdout.write(`${text}\n`);
    if (!values.short && wanted === undefined) {
      const notes = await readFile(join(import.meta.dirname, "notes.md"), "utf8");
      await writeFile(PAGE, page(results, starts, [...versions.values()], notes));
    }
    return 0;
  } finally {
    await rm(work, { recursive: true, force: true });
    await rm(FILES, { recursive: true, force: true });
  }
}

process.exitCode = await main();
