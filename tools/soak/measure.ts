/** Measures the resources of the engine process from another process, and detects leaks. */
import { readdir, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { heapAfterCollection, residentMemory } from "../support/process-memory.ts";
import type { Site } from "./site.ts";

const MEBIBYTE = 2 ** 20;
/** Maximum time in milliseconds from the last client disconnect to the end of all sessions and transfers. */
const QUIET_TIMEOUT = 40_000;
const QUIET_POLL = 100;
/** Waiting time in milliseconds until the connections for the measurement are closed. */
const OWN_CONNECTIONS = 6000;

/** Resources of the engine. The values of `heap` and `rss` are bytes. All other values are counts. */
export interface Held {
  heap: number;
  rss: number;
  descriptors: number;
  sessions: number;
  reservations: number;
  transfers: number;
}

/** Allowed growth of each resource: a fraction of the initial value plus a constant. */
export const TOLERANCES: Readonly<Record<keyof Held, { share: number; plus: number }>> = {
  // The constant part of the allowance covers compiled code and caches. A leak of one session per second would far
  // exceed this allowance.
  heap: { share: 0.1, plus: 2 * MEBIBYTE },
  // The allowance covers freed memory that the allocator keeps.
  rss: { share: 0.25, plus: 32 * MEBIBYTE },
  descriptors: { share: 0, plus: 0 },
  sessions: { share: 0, plus: 0 },
  reservations: { share: 0, plus: 0 },
  transfers: { share: 0, plus: 0 },
};

/** Returns the sums of all series by metric name. */
export async function metrics({ engine }: Site): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for (const [, name = "", value] of (await engine.page("/metrics")).text.matchAll(
    /^(\w+)(?:\{.*\})? (\S+)$/gmu,
  )) {
    sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return sums;
}

/** Returns the sorted targets of open descriptors, without socket numbers. */
async function descriptors(pid: number): Promise<string[]> {
  const directory = `/proc/${pid}/fd`;
  const targets = (await readdir(directory)).map((name) => readlink(`${directory}/${name}`).catch(() => ""));
  return (await Promise.all(targets))
    .filter((target) => target !== "")
    .map((target) => target.replace(/:\[\d+\]$/u, ""))
    .toSorted();
}

/** Waits until the engine is idle or a timeout expires, and then measures the resources. */
export async function measure(site: Site): Promise<{ held: Held; open: string[] }> {
  await quiet(site);
  const heap = await heapAfterCollection(site.inspectorPort);
  const seen = await metrics(site);
  await sleep(OWN_CONNECTIONS);
  const open = await descriptors(site.engine.pid);
  const held: Held = {
    heap,
    rss: (await residentMemory(site.engine.pid)).resident,
    descriptors: open.length,
    sessions: seen.get("ftp_sessions") ?? Number.NaN,
    reservations: seen.get("ftp_passive_reservations") ?? Number.NaN,
    transfers: seen.get("ftp_transfers_in_progress") ?? Number.NaN,
  };
  return { held, open };
}

/** Waits until all sessions, reservations and transfers have ended. Returns false if the timeout expires first. */
export async function quiet(site: Site): Promise<boolean> {
  const deadline = Date.now() + QUIET_TIMEOUT;
  while (await busy(site)) {
    if (Date.now() > deadline) return false;
    await sleep(QUIET_POLL);
  }
  return true;
}

async function busy(site: Site): Promise<boolean> {
  const seen = await metrics(site);
  const gauges = ["ftp_sessions", "ftp_passive_reservations", "ftp_transfers_in_progress"];
  return gauges.some((name) => seen.get(name) !== 0);
}

/** Returns the resources whose growth exceeds the allowance. */
export function leaks(before: Held, after: Held): (keyof Held)[] {
  return QUANTITIES.filter((name) => {
    const { share, plus } = TOLERANCES[name];
    // NaN counts as a leak.
    return !(after[name] <= before[name] * (1 + share) + plus);
  });
}

export const QUANTITIES = ["heap", "rss", "descriptors", "sessions", "reservations", "transfers"] as const;
