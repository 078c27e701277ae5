/** Runs the load, which consists of concurrent well-behaved clients, broken clients and configuration changes. */
import { Client } from "./client.ts";
import { runBrokenClient } from "./attacker.ts";
import { BROKEN_CLIENTS } from "./broken.ts";
import { JOBS, TLS_JOBS } from "./jobs.ts";
import type { Site } from "./site.ts";
import { repeat, Tally } from "./tally.ts";

/** Number of concurrent well-behaved clients. Half of the clients use TLS. */
const WORKERS = 6;
const BROKEN_WORKERS = 4;
/** Pause between two jobs of a worker in milliseconds. This pause results in a load of about half a CPU core. */
const WORKER_PAUSE = 350;
const BROKEN_PAUSE = 300;
const RECONFIGURE_PAUSE = 3000;
const CERTIFICATE_PAUSE = 5000;

export interface Tallies {
  good: Tally;
  broken: Tally;
  changes: Tally;
}

export function newTallies(): Tallies {
  return { good: new Tally(), broken: new Tally(), changes: new Tally() };
}

/** Runs the load until the signal aborts, and then waits for running jobs. */
export async function load(site: Site, tallies: Tallies, signal: AbortSignal): Promise<void> {
  const { changes } = tallies;
  await Promise.all([
    goodClients(site, tallies.good, signal),
    ...Array.from({ length: BROKEN_WORKERS }, (_, index) =>
      brokenWorker(site, index, tallies.broken, signal),
    ),
    repeat(signal, RECONFIGURE_PAUSE, async (round) => {
      await changes.run("configuration", () => site.reconfigure(round));
    }),
    repeat(signal, CERTIFICATE_PAUSE, async (round) => {
      await changes.run("certificate", () => site.replaceCertificate(round + 1));
    }),
  ]);
}

/** Runs only well-behaved clients until the signal aborts. */
export async function goodClients(site: Site, tally: Tally, signal: AbortSignal): Promise<void> {
  await Promise.all(Array.from({ length: WORKERS }, (_, index) => worker(site, index, tally, signal)));
}

async function worker(site: Site, index: number, tally: Tally, signal: AbortSignal): Promise<void> {
  const [secured, user] = [index % 2 === 1, index % 3 === 0 ? "alice" : "carol"];
  const jobs = secured ? TLS_JOBS : JOBS;
  const names = Object.keys(jobs);
  await repeat(signal, WORKER_PAUSE, async (round) => {
    const name = names[(round + index) % names.length] ?? "";
    // Each job has a separate directory, so that the files of a failed job do not affect the next job.
    const directory = `/${index}-${process.pid}-${round}`;
    const task = { site, user, secured, directory };
    await tally.run(name, async () => {
      await inSession(task, `MKD ${directory}`, 257);
      await jobs[name]?.(task);
      await inSession(task, `RMD ${directory}`, 250);
    });
  });
}

async function inSession({ site, user }: { site: Site; user: string }, line: string, code: number) {
  using client = await Client.open(site, user, false);
  await client.expect(line, code);
  await client.quit();
}

async function brokenWorker(site: Site, index: number, tally: Tally, signal: AbortSignal): Promise<void> {
  const clients = Object.entries(BROKEN_CLIENTS);
  await repeat(signal, BROKEN_PAUSE, async (round) => {
    const chosen = clients[(round + index * 4) % clients.length];
    if (chosen === undefined) return;
    const [name, client] = chosen;
    await tally.run(name, () => runBrokenClient(client, site, `127.0.1.${index + 1}`));
  });
}
