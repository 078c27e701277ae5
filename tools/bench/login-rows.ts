/** The rows that measure logins. Times are in seconds. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { run } from "../../test/cluster/run.ts";
import { imageSettings } from "../support/image-settings.ts";
import type { Bench } from "./files.ts";
import { load, rate, type Row } from "./row.ts";
import type { ServerName } from "./setups.ts";

/** Servers that start a process for each session and verify passwords. Logins to vsftpd are anonymous. */
const FORKING: readonly ServerName[] = ["proftpd", "pure-ftpd"];
/** Servers without a hash of a comparable cost. */
const CHEAP_ONLY: readonly ServerName[] = ["vsftpd", "pyftpdlib"];

/** Logins one after another for at most five seconds, with the cheapest hash. */
export function logins(tls: boolean): Row {
  const tenTimes = { least: 10, against: FORKING };
  return {
    number: "5a",
    tls,
    goals: tls ? [tenTimes] : [{ least: 1 }, tenTimes],
    unit: "logins/s",
    item: "login",
    title: `connect${tls ? " with TLS 1.3" : ""}, log in and quit, 1 client`,
    async measure(server, bench) {
      const [took, number] = await load(server, bench, tls, "-count", `${bench.sizes.logins}`, "login");
      return rate(Number(number), Number(took));
    },
  };
}

const crowdRow = { number: "5b", tls: false, unit: "s", skip: CHEAP_ONLY } as const;

/** Logins of many users at once, with the hash that the operator creates. */
export function crowd(clients: number): Row[] {
  const title = `${clients} users log in at once, default hash`;
  return [
    {
      ...crowdRow,
      item: "login",
      mostCost: 1,
      title,
      fresh: true,
      async measure(server, bench) {
        const cost = await hashingTime(clients);
        const [value] = await crowdTimes(server, bench, clients, 1);
        return { value, items: clients, cost };
      },
    },
    {
      ...crowdRow,
      most: 0.5,
      title: `${title}, again`,
      async measure(server, bench) {
        const [, value = Number.NaN] = await crowdTimes(server, bench, clients, 2);
        return { value, items: clients };
      },
    },
  ];
}

/** Returns the time until all clients have logged in, for each pass. */
async function crowdTimes(
  server: Parameters<Row["measure"]>[0],
  bench: Bench,
  clients: number,
  passes: number,
): Promise<[number, ...number[]]> {
  const args = ["-clients", `${clients}`, "-count", `${passes}`, "crowd"];
  const [first = Number.NaN, ...others] = (await load(server, bench, false, ...args)).map(Number);
  return [first, ...others];
}

/** Returns the time that all cores together take to verify passwords in the environment of the engine. */
async function hashingTime(verifications: number): Promise<number> {
  const { node, variables } = await imageSettings();
  const program = join(import.meta.dirname, "hashing-cost.ts");
  const cost = Number(await run(["env", ...variables, process.execPath, ...node, program]));
  return (verifications * cost) / availableParallelism();
}
