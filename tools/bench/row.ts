/** Describes the rows of the table, and runs the load program. Times are in seconds. */
import { run } from "../../test/cluster/run.ts";
import type { Bench } from "./files.ts";
import { reach, type Server } from "./servers.ts";
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
  /** Time in seconds that the goal `mostCost` refers to. */
  cost?: number;
}

/** Project goal that compares the engine with other servers. */
export interface RatioGoal {
  /** Minimum ratio to the result of the best other server. */
  least: number;
  /** Servers to compare with. Defaults to all. */
  against?: readonly ServerName[];
}

export interface Row {
  /** Number in the table. */
  number: string;
  title: string;
  tls: boolean;
  /** Unit of the result. A higher rate is better. A lower time or memory usage is better. */
  unit: "MB/s" | "files/s" | "logins/s" | "entries/s" | "KB/session" | "MiB" | "s";
  goals?: readonly RatioGoal[];
  /** Maximum value according to the project goal, for rows whose goal is not a ratio. */
  most?: number;
  /** Maximum ratio of the value to the cost that the measurement returns, according to the project goal. */
  mostCost?: number;
  skip?: readonly ServerName[];
  /** Item for the CPU time. The property is absent if the row measures no work. */
  item?: keyof typeof CPU_UNITS;
  /** Maximum ratio of the CPU time to that of vsftpd, according to the project goal. */
  mostCpu?: number;
  /** Maximum number of measurements, for rows whose measurement takes a long time. */
  mostRuns?: number;
  /** Whether to restart the server before the measurement. */
  fresh?: true;
  measure(server: Server, bench: Bench): Promise<Measured>;
}

/** Runs the load program and returns its output lines. */
export async function load(
  server: Server,
  { installed }: Bench,
  tls: boolean,
  ...args: string[]
): Promise<string[]> {
  const output = await run([installed.load, ...reach(server, tls), ...args], { timeout: 600_000 });
  return output.trim().split("\n");
}

/** Returns a rate. @param took duration in seconds */
export function rate(items: number, took: number): Measured {
  return { value: items / took, items };
}

export async function seconds(
  server: Server,
  bench: Bench,
  tls: boolean,
  ...args: string[]
): Promise<number> {
  return Number((await load(server, bench, tls, ...args))[0]);
}
