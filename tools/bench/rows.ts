/** The measured rows. Times are in seconds. Memory sizes are in bytes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { endWithUs, run } from "../../test/cluster/run.ts";
import { type Bench, SHORT, type Sizes, SMALL_BYTES } from "./files.ts";
import { descendants, reach, type Server } from "./servers.ts";
import type { ServerName } from "./setups.ts";

/** Units of CPU time, keyed by the item that a row processes. `perSecond` converts seconds to the unit. */
export const CPU_UNITS = {
  GiB: { unit: "s/GiB", perSecond: 1 },
  file: { unit: "ms/file", perSecond: 1e3 },
  login: { unit: "ms/login", perSecond: 1e3 },
  entry: { unit: "µs/entry", perSecond: 1e6 },
} as const;

/** Result of one measurement. */
export interface Measured {
  /** Value in the unit of the row. */
  value: number;
  /** Number of processed items, for the CPU time per item. */
  items: number;
}

export interface Row {
  /** Number in the table. */
  number: number;
  title: string;
  tls: boolean;
  /** Unit of the result. A higher rate is better. A lower time or memory usage is better. */
  unit: "MB/s" | "files/s" | "logins/s" | "entries/s" | "KB/session" | "s";
  /** Minimum ratio to the result of the best other server, according to the project goal. */
  goal?: number;
  /** Maximum value according to the project goal, for rows whose goal is not a ratio. */
  most?: number;
  /** Servers to compare with. Defaults to all. */
  against?: readonly ServerName[];
  skip?: readonly ServerName[];
  /** Item for the CPU time. The property is absent if the row measures no work. */
  item?: keyof typeof CPU_UNITS;
  /** Maximum ratio of the CPU time to that of vsftpd, according to the project goal. */
  mostCpu?: number;
  /** Whether to restart the server before the measurement. */
  fresh?: true;
  measure(server: Server, bench: Bench): Promise<Measured>;
}

/**
 * Minimum duration in seconds of a measurement with large files. The result is the fastest transfer in this time. Other
 * load on the machine and its memory management slow down single transfers by a factor of up to 3.
 */
const LEAST_DURATION = 5;
const MEGABYTE = 1e6;
const GIBIBYTE = 2 ** 30;
const PROCESS_PER_SESSION: readonly ServerName[] = ["vsftpd", "proftpd", "pure-ftpd"];

/** Runs the load program and returns its output lines. */
async function load(
  server: Server,
  { installed }: Bench,
  tls: boolean,
  ...args: string[]
): Promise<string[]> {
  const output = await run([installed.load, ...reach(server, tls), ...args], { timeout: 600_000 });
  return output.trim().split("\n");
}

async function seconds(server: Server, bench: Bench, tls: boolean, ...args: string[]): Promise<number> {
  return Number((await load(server, bench, tls, ...args))[0]);
}

/** Repeats the transfer of one large file or of its parts. Returns the speed of the fastest transfer. */
async function megabytesPerSecond(
  server: Server,
  bench: Bench,
  tls: boolean,
  args: readonly string[],
): Promise<Measured> {
  const least = bench.sizes === SHORT ? 0 : LEAST_DURATION;
  const durations: number[] = [];
  for (let took = 0; durations.length === 0 || took < least; took += durations.at(-1) ?? 0)
    durations.push(await seconds(server, bench, tls, ...args));
  const { file } = bench.sizes;
  return {
    value: file / Math.min(...durations) / MEGABYTE,
    items: (durations.length * file) / GIBIBYTE,
  };
}

/** Returns a rate. @param took duration in seconds */
function rate(items: number, took: number): Measured {
  return { value: items / took, items };
}

function counted(clients: number): string {
  return clients === 1 ? "1 client" : `${clients} clients`;
}

function retrieve(number: number, tls: boolean, clients: number, goal: number): Row {
  return {
    number,
    tls,
    goal,
    unit: "MB/s",
    item: "GiB",
    title: `RETR of one large file${tls ? ", TLS 1.3" : ""}, ${counted(clients)}`,
    async measure(server, bench) {
      return await megabytesPerSecond(server, bench, tls, [
        "-clients",
        `${clients}`,
        "-name",
        `big-${clients}`,
        "download",
      ]);
    },
  };
}

function store(number: number, tls: boolean, clients: number, goal: number): Row {
  return {
    number,
    tls,
    goal,
    unit: "MB/s",
    item: "GiB",
    title: `STOR of one large file${tls ? ", TLS 1.3" : ""}, ${counted(clients)}`,
    async measure(server, bench) {
      const bytes = Math.floor(bench.sizes.file / clients);
      const args = ["-clients", `${clients}`, "-name", "up", "-bytes", `${bytes}`, "upload"];
      return await megabytesPerSecond(server, bench, tls, args);
    },
  };
}

function small(direction: "upload" | "download", clients: number): Row {
  return {
    number: 4,
    tls: false,
    goal: 2,
    unit: "files/s",
    item: "file",
    mostCpu: 1.3,
    title: `${direction} of 4 KiB files, ${counted(clients)}`,
    async measure(server, bench) {
      const { smallFiles } = bench.sizes;
      const name = direction === "upload" ? "up" : "small";
      const args = [
        "-clients",
        `${clients}`,
        "-count",
        `${smallFiles}`,
        "-bytes",
        `${SMALL_BYTES}`,
        "-name",
        name,
      ];
      const took = await seconds(server, bench, false, ...args, `small-${direction}`);
      return rate(smallFiles, took);
    },
  };
}

function logins(tls: boolean): Row {
  return {
    number: 5,
    tls,
    goal: 10,
    unit: "logins/s",
    item: "login",
    title: `connect${tls ? " with TLS 1.3" : ""}, log in and quit, 1 client`,
    // Other servers that start a process for each session, and that verify a password.
    against: ["proftpd", "pure-ftpd"],
    measure: async (server, bench) =>
      rate(bench.sizes.logins, await seconds(server, bench, tls, "-count", `${bench.sizes.logins}`, "login")),
  };
}

function list(command: "LIST" | "MLSD", entries: number): Row {
  return {
    number: 7,
    tls: false,
    goal: 1,
    unit: "entries/s",
    item: "entry",
    title: `${command} of ${entries} entries`,
    ...(command === "MLSD" ? { skip: ["vsftpd"] as const } : {}),
    measure: async (server, bench) =>
      rate(entries, await seconds(server, bench, false, "-name", `${command} many`, "list")),
  };
}

function idle(sessions: number): Row {
  return {
    number: 6,
    tls: false,
    most: 20,
    unit: "KB/session",
    title: `memory of ${sessions} idle sessions`,
    // These servers use as much memory per session with 10,000 sessions as with 1,000 sessions.
    skip: sessions > 1000 ? PROCESS_PER_SESSION : [],
    fresh: true,
    async measure(server, bench) {
      const { installed } = bench;
      // The first sessions load code and start threads. The measurement excludes this memory.
      await load(server, bench, false, "-count", "50", "login");
      const before = await memoryOf(server);
      const args = [...reach(server, false), "-count", `${sessions}`, "idle"];
      const child = spawn(installed.load, args, { stdio: ["pipe", "pipe", "inherit"] });
      endWithUs(child);
      const ended = once(child, "exit");
      await Promise.race([
        once(createInterface({ input: child.stdout }), "line"),
        ended.then(() => Promise.reject(new Error(`${server.name}: some sessions were closed`))),
      ]);
      const after = await memoryOf(server);
      child.stdin.end();
      await ended;
      return { value: (after - before) / sessions / 1000, items: sessions };
    },
  };
}

/** Returns the proportional set size (PSS) of a server and its child processes in bytes. */
async function memoryOf({ process: { pid = 0 } }: Server): Promise<number> {
  const all = [pid, ...(await descendants(pid))];
  const sizes = all.map(async (one) => {
    const text = await readFile(`/proc/${one}/smaps_rollup`, "utf8").catch(() => "");
    return Number(/^Pss:\s+(\d+) kB/mu.exec(text)?.[1] ?? 0) * 1024;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

const share: Row = {
  number: 8,
  tls: true,
  most: 120,
  unit: "s",
  title: "concurrent uploads through 10 passive ports from one address",
  skip: ["vsftpd", "proftpd", "pure-ftpd", "pyftpdlib"],
  async measure(server, bench) {
    const { sessions, transfers } = bench.sizes.share;
    const args = ["-count", `${sessions}`, "-clients", `${transfers}`, "-bytes", "20000", "share"];
    const [took, crossed] = await load(server, bench, true, ...args);
    if (crossed !== "0") throw new Error(`${crossed} files differ from the data that their client sent`);
    return { value: Number(took), items: transfers };
  },
};

export function rowsFor(sizes: Sizes): Row[] {
  return [
    retrieve(1, false, 1, 1.2),
    store(2, false, 1, 1.3),
    ...[1, 8].flatMap((clients) => [retrieve(3, true, clients, 1), store(3, true, clients, 1)]),
    ...[1, 16].flatMap((clients) => [small("upload", clients), small("download", clients)]),
    logins(false),
    logins(true),
    ...sizes.idle.map(idle),
    list("LIST", sizes.entries),
    list("MLSD", sizes.entries),
    share,
  ];
}
