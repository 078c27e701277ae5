/** Everything that goes on at once. */
import { Client } from "./client.ts";
import { misbehave } from "./attacker.ts";
import { MISDEEDS } from "./broken.ts";
import { JOBS, TLS_JOBS } from "./jobs.ts";
import type { Site } from "./site.ts";
import { repeat, Tally } from "./tally.ts";

/** Well-behaved clients at once, the odd ones over TLS. */
const WORKERS = 6;
const BROKEN_CLIENTS = 4;
/** Milliseconds between two jobs of one worker, so that the load is moderate: about half a core. */
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

/** Drives the engine until the signal aborts; resolves when everything begun has ended. */
export async function load(site: Site, tallies: Tallies, signal: AbortSignal): Promise<void> {
  const { changes } = tallies;
  await Promise.all([
    goodClients(site, tallies.good, signal),
    ...Array.from({ length: BROKEN_CLIENTS }, (_, index) => breaker(site, index, tallies.broken, signal)),
    repeat(signal, RECONFIGURE_PAUSE, async (round) => {
      await changes.run("configuration", () => site.reconfigure(round));
    }),
    repeat(signal, CERTIFICATE_PAUSE, async (round) => {
      await changes.run("certificate", () => site.replaceCertificate(round + 1));
    }),
  ]);
}

/** Runs well-behaved clients alone until the signal aborts. */
export async function goodClients(site: Site, tally: Tally, signal: AbortSignal): Promise<void> {
  await Promise.all(Array.from({ length: WORKERS }, (_, index) => worker(site, index, tally, signal)));
}

async function worker(site: Site, index: number, tally: Tally, signal: AbortSignal): Promise<void> {
  const [secured, user] = [index % 2 === 1, index % 3 === 0 ? "alice" : "carol"];
  const jobs = secured ? TLS_JOBS : JOBS;
  const names = Object.keys(jobs);
  await repeat(signal, WORKER_PAUSE, async (round) => {
    const name = names[(round + index) % names.length] ?? "";
    // A directory for each job: what a failed one left does not fail the next.
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

async function breaker(site: Site, index: number, tally: Tally, signal: AbortSignal): Promise<void> {
  const misdeeds = Object.entries(MISDEEDS);
  await repeat(signal, BROKEN_PAUSE, async (round) => {
    const chosen = misdeeds[(round + index * 4) % misdeeds.length];
    if (chosen === undefined) return;
    const [name, misdeed] = chosen;
    await tally.run(name, () => misbehave(misdeed, site, `127.0.1.${index + 1}`));
  });
}
