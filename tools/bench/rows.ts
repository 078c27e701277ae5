/** The measured rows. Times are in seconds. */
import { type Bench, removeUploads, SHORT, type Sizes, SMALL_BYTES } from "./files.ts";
import { crowd, logins } from "./login-rows.ts";
import { idleMemory, peakMemory } from "./memory-rows.ts";
import { load, type Measured, rate, type Row, seconds } from "./row.ts";
import type { Server } from "./servers.ts";

/**
 * Minimum duration in seconds of a measurement with one client and with large files or listings. The result is the
 * fastest transfer in this time. Other load and memory management on the machine can slow down a single transfer by a
 * factor of up to 3.
 */
const LEAST_DURATION = 3;
/**
 * Minimum duration in seconds of a measurement with several clients. The speed depends on how the kernel assigns the
 * clients and the server to the CPUs. The speed differs by a factor of up to 1.5 between transfers.
 */
const LEAST_DURATION_TOGETHER = 6;
const MEGABYTE = 1e6;
const GIBIBYTE = 2 ** 30;

/** A transfer: the number of clients, and the other arguments of the load program. */
interface Transfer {
  clients: number;
  args: readonly string[];
}

/**
 * Repeats a transfer with a number of clients, without replacing files. Returns the duration of the fastest transfer in
 * seconds, and the number of transfers.
 */
async function fastest(
  server: Server,
  bench: Bench,
  tls: boolean,
  { clients, args }: Transfer,
): Promise<{ took: number; transfers: number }> {
  const duration = clients === 1 ? LEAST_DURATION : LEAST_DURATION_TOGETHER;
  const least = bench.sizes === SHORT ? 0 : duration;
  const durations: number[] = [];
  for (let total = 0; durations.length === 0 || total < least; total += durations.at(-1) ?? 0) {
    await removeUploads(bench);
    durations.push(await seconds(server, bench, tls, "-clients", `${clients}`, ...args));
  }
  return { took: Math.min(...durations), transfers: durations.length };
}

/** Repeats the transfer of one large file or of its parts. Returns the speed of the fastest transfer. */
async function megabytesPerSecond(
  server: Server,
  bench: Bench,
  tls: boolean,
  transfer: Transfer,
): Promise<Measured> {
  const { file } = bench.sizes;
  const { took, transfers } = await fastest(server, bench, tls, transfer);
  return { value: file / took / MEGABYTE, items: (transfers * file) / GIBIBYTE };
}

function counted(clients: number): string {
  return clients === 1 ? "1 client" : `${clients} clients`;
}

function retrieve(number: string, tls: boolean, clients: number): Row {
  return {
    number,
    tls,
    goals: [{ least: 1 }],
    unit: "MB/s",
    item: "GiB",
    title: `RETR of one large file${tls ? ", TLS 1.3" : ""}, ${counted(clients)}`,
    async measure(server, bench) {
      const args = ["-name", `big-${clients}`, "download"];
      return await megabytesPerSecond(server, bench, tls, { clients, args });
    },
  };
}

function store(number: string, tls: boolean, clients: number): Row {
  return {
    number,
    tls,
    goals: [{ least: 1 }],
    unit: "MB/s",
    item: "GiB",
    title: `STOR of one large file${tls ? ", TLS 1.3" : ""}, ${counted(clients)}`,
    async measure(server, bench) {
      const bytes = Math.floor(bench.sizes.file / clients);
      const args = ["-name", "up", "-bytes", `${bytes}`, "upload"];
      return await megabytesPerSecond(server, bench, tls, { clients, args });
    },
  };
}

function small(direction: "upload" | "download", clients: number): Row {
  return {
    number: "4",
    tls: false,
    goals: [{ least: 1 }],
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

function list(command: "LIST" | "MLSD", entries: number): Row {
  return {
    number: "7",
    tls: false,
    goals: [{ least: 1 }],
    unit: "entries/s",
    item: "entry",
    title: `${command} of ${entries} entries`,
    ...(command === "MLSD" ? { skip: ["vsftpd"] as const } : {}),
    async measure(server, bench) {
      const args = ["-name", `${command} many`, "list"];
      const { took, transfers } = await fastest(server, bench, false, { clients: 1, args });
      return { value: entries / took, items: transfers * entries };
    },
  };
}

const share: Row = {
  number: "8",
  tls: true,
  most: 120,
  unit: "s",
  mostRuns: 2,
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
    retrieve("1", false, 1),
    store("2", false, 1),
    ...[1, 8].flatMap((clients) => [retrieve("3", true, clients), store("3", true, clients)]),
    ...[1, 16].flatMap((clients) => [small("upload", clients), small("download", clients)]),
    logins(false),
    logins(true),
    ...crowd(sizes.crowd),
    ...sizes.idle.map(idleMemory),
    list("LIST", sizes.entries),
    list("MLSD", sizes.entries),
    share,
    ...peakMemory,
  ];
}
