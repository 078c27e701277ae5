/** The rows that measure memory. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { endWithUs } from "../../test/cluster/run.ts";
import { residentMemory } from "../support/process-memory.ts";
import { type Bench, SHORT, SMALL_BYTES } from "./files.ts";
import { load, type Row } from "./row.ts";
import { descendants, reach, type Server } from "./servers.ts";
import type { ServerName } from "./setups.ts";

const MIB = 2 ** 20;
const PROCESS_PER_SESSION: readonly ServerName[] = ["vsftpd", "proftpd", "pure-ftpd"];
/** Number of clients that transfer large files at the same time. */
const LARGE_CLIENTS = 8;
const SMALL_CLIENTS = 16;
/**
 * Number of logins, one after another, before the measurement of idle sessions. During this number of logins, V8
 * optimizes the code of a login. With slow servers, the load program stops after five seconds.
 */
const FIRST_LOGINS = 1000;
/** Time in milliseconds until the memory of transfers must be free again. */
const FREED_WITHIN = 60_000;

export function idleMemory(sessions: number): Row {
  return {
    number: "6",
    tls: false,
    most: 10,
    unit: "KB/session",
    title: `memory of ${sessions} idle sessions`,
    // These servers use as much memory per session with 10,000 sessions as with 1,000 sessions.
    skip: sessions > 1000 ? PROCESS_PER_SESSION : [],
    fresh: true,
    async measure(server, bench) {
      const { installed, sizes } = bench;
      // The first sessions load and optimize code and start threads. The measurement excludes this memory.
      await load(server, bench, false, "-count", `${sizes === SHORT ? sizes.logins : FIRST_LOGINS}`, "login");
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

/**
 * Peak memory of the engine, which must stay below the memory limit of small pods. The other servers start a process for
 * each session, or do not return memory, so their values are not comparable.
 */
const peakRow = {
  unit: "MiB",
  skip: [...PROCESS_PER_SESSION, "pyftpdlib"],
  number: "19",
} as const;

async function peakOf({ process: { pid } }: Server): Promise<number> {
  return (await residentMemory(pid)).peak / MIB;
}

export const peakMemory: readonly Row[] = [
  {
    ...peakRow,
    tls: false,
    most: 128,
    fresh: true,
    title: `peak memory, ${SMALL_CLIENTS} clients transfer 4 KiB files`,
    async measure(server, bench) {
      const { smallFiles } = bench.sizes;
      const args = ["-clients", `${SMALL_CLIENTS}`, "-count", `${smallFiles}`, "-bytes", `${SMALL_BYTES}`];
      await load(server, bench, false, ...args, "-name", "up", "small-upload");
      await load(server, bench, false, ...args, "-name", "small", "small-download");
      return { value: await peakOf(server), items: smallFiles };
    },
  },
  {
    ...peakRow,
    tls: true,
    most: 128,
    fresh: true,
    title: `peak memory, ${LARGE_CLIENTS} uploads and then ${LARGE_CLIENTS} downloads, TLS 1.3`,
    async measure(server, bench) {
      const bytes = bench.sizes.file / 2;
      const clients = ["-clients", `${LARGE_CLIENTS}`];
      await load(server, bench, true, ...clients, "-name", "up", "-bytes", `${bytes}`, "upload");
      await load(server, bench, true, ...clients, "-name", "up-0", "download");
      return { value: await peakOf(server), items: LARGE_CLIENTS };
    },
  },
  {
    ...peakRow,
    tls: true,
    most: 100,
    title: "memory 60 s after these transfers",
    mostRuns: 1,
    async measure({ process: { pid } }, { sizes }: Bench) {
      await sleep(sizes === SHORT ? 0 : FREED_WITHIN);
      return { value: (await residentMemory(pid)).resident / MIB, items: 1 };
    },
  },
];
