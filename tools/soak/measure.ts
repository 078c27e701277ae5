/** What the engine holds, seen from outside, and how much more of it after the load is a leak. */
import { readdir, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { heapAfterCollection, residentMemory } from "../support/process-memory.ts";
import type { Site } from "./site.ts";

const MEBIBYTE = 2 ** 20;
/** Longest wait for everything to end once no client is left, in milliseconds. */
const QUIET_TIMEOUT = 40_000;
const QUIET_POLL = 100;
/** Until connections of the measuring itself are closed, in milliseconds. */
const OWN_CONNECTIONS = 6000;

/** What is held; counts but for `heap` and `rss`, which are bytes. */
export interface Held {
  heap: number;
  rss: number;
  descriptors: number;
  sessions: number;
  reservations: number;
  transfers: number;
}

/** By how much each may have grown: a share of what it was, and a fixed amount. */
export const TOLERANCES: Readonly<Record<keyof Held, { share: number; plus: number }>> = {
  // Compiled code and what libraries keep; far below what one leaked session a second would add up to.
  heap: { share: 0.1, plus: 2 * MEBIBYTE },
  // The allocator gives back what it likes to.
  rss: { share: 0.25, plus: 32 * MEBIBYTE },
  descriptors: { share: 0, plus: 0 },
  sessions: { share: 0, plus: 0 },
  reservations: { share: 0, plus: 0 },
  transfers: { share: 0, plus: 0 },
};

/** Metrics by name, labels summed up. */
export async function metrics({ engine }: Site): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for (const [, name = "", value] of (await engine.page("/metrics")).text.matchAll(
    /^(\w+)(?:\{.*\})? (\S+)$/gmu,
  )) {
    sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return sums;
}

/** What each open descriptor is, sorted; sockets by their kind alone. */
async function descriptors(pid: number): Promise<string[]> {
  const directory = `/proc/${pid}/fd`;
  const targets = (await readdir(directory)).map((name) => readlink(`${directory}/${name}`).catch(() => ""));
  return (await Promise.all(targets))
    .filter((target) => target !== "")
    .map((target) => target.replace(/:\[\d+\]$/u, ""))
    .toSorted();
}

/** Waits until the engine has nothing to do, or for so long that something hangs, and measures. */
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

/** Waits until no session, reservation and transfer is left. @returns whether that came about */
export async function quiet(site: Site): Promise<boolean> {
  const giveUp = Date.now() + QUIET_TIMEOUT;
  while (await busy(site)) {
    if (Date.now() > giveUp) return false;
    await sleep(QUIET_POLL);
  }
  return true;
}

async function busy(site: Site): Promise<boolean> {
  const seen = await metrics(site);
  const gauges = ["ftp_sessions", "ftp_passive_reservations", "ftp_transfers_in_progress"];
  return gauges.some((name) => seen.get(name) !== 0);
}

/** What there is more of than may be. */
export function leaks(before: Held, after: Held): (keyof Held)[] {
  return QUANTITIES.filter((name) => {
    const { share, plus } = TOLERANCES[name];
    // Not a number is a leak, too.
    return !(after[name] <= before[name] * (1 + share) + plus);
  });
}

export const QUANTITIES = ["heap", "rss", "descriptors", "sessions", "reservations", "transfers"] as const;
