/**
 * `make siege`: runs all floods concurrently against one engine with a memory limit, together with well-behaved
 * clients.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { endWithUs } from "../../test/cluster/run.ts";
import { Client } from "../soak/client.ts";
import type { FloodTask } from "./flood-process.ts";
import { FLOODS } from "./floods.ts";
import { imageSettings } from "../support/image-settings.ts";
import { goodClients } from "../soak/load.ts";
import { limitMemory } from "../support/memory-limit.ts";
import { residentMemory } from "../support/process-memory.ts";
import { Site } from "../soak/site.ts";
import { Durations, Tally } from "../soak/tally.ts";

const USAGE = `make siege [SECONDS=60] [ONLY=NAME]

  SECONDS  duration of the floods
  ONLY     substring of the names of floods to run (default: all)`;
const MEBIBYTE = 2 ** 20;
/** Memory limit of the engine in bytes. */
const MEMORY_LIMIT = 256 * MEBIBYTE;
/** Minimum part of the memory limit in bytes that must remain free. */
const MIN_FREE_MEMORY = 24 * MEBIBYTE;
/** Maximum duration of a probe in milliseconds. */
const MAX_PROBE = 500;
const PROBE_PAUSE = 50;
const CROWD_FILES = 20_000;
const ATTACKING_PROCESSES = 2;
/** The engine is compiled as in the image, because an engine that runs from TypeScript files uses more memory. */
const BUILT_MAIN = join(import.meta.dirname, "../../dist/main.js");

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function mebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(0)} MiB`;
}

/**
 * Starts the processes that run the floods. Returns a function that stops the floods and returns the number of
 * completed runs of each flood.
 */
function attack(site: Site, names: readonly string[]): () => Promise<[string, number][]> {
  const target = {
    controlPort: site.controlPort,
    metricsPort: site.metricsPort,
    passivePorts: site.passivePorts,
  };
  const floods = names.map((name, index) => ({ name, address: `127.0.2.${index + 1}` }));
  const processes = Array.from({ length: ATTACKING_PROCESSES }, (_, index) => {
    const child = fork(join(import.meta.dirname, "flood-process.ts"));
    endWithUs(child);
    const task: FloodTask = {
      target,
      floods: floods.filter((_flood, at) => at % ATTACKING_PROCESSES === index),
    };
    child.send(task);
    return child;
  });
  return async () => {
    const counts = processes.map(async (child) => {
      const answer = once(child, "message");
      child.send("stop");
      const [count] = await answer;
      child.kill("SIGKILL");
      return count;
    });
    return (await Promise.all(counts)).flat();
  };
}

/** Peak memory of the engine in bytes. */
interface Memory {
  resident: number;
  anonymous: number;
}

/** Probes the engine over HTTP and through an idle FTP session until the signal aborts. */
async function probe(
  site: Site,
  signal: AbortSignal,
): Promise<{ healthz: Durations; noop: Durations; peak: Memory }> {
  const [healthz, noop] = [new Durations(), new Durations()];
  using client = await Client.open(site, "carol", false);
  const peak = { resident: 0, anonymous: 0 };
  while (!signal.aborted) {
    await healthz.time(async () => {
      const { status } = await site.engine.page("/healthz");
      if (status !== 200) throw new Error(`/healthz: status ${status}`);
    });
    await noop.time(() => client.expect("NOOP", 200));
    const { resident, anonymous } = await residentMemory(site.engine.pid);
    peak.resident = Math.max(peak.resident, resident);
    peak.anonymous = Math.max(peak.anonymous, anonymous);
    await sleep(PROBE_PAUSE);
  }
  return { healthz, noop, peak };
}

/** Returns the violations. */
async function siege(seconds: number, names: readonly string[]): Promise<string[]> {
  await using limit = await limitMemory(`ftp-operator-siege-${process.pid}`, MEMORY_LIMIT);
  const { variables, node } = await imageSettings();
  const within = [...limit.wrapper, "env", ...variables];
  const site = await Site.start({ within, node, main: BUILT_MAIN, crowd: CROWD_FILES });
  const died = site.engine.ended.then((code) =>
    Promise.reject(new Error(`the engine exited with code ${code}`)),
  );
  died.catch(() => undefined);
  try {
    const over = AbortSignal.timeout(seconds * 1000);
    const good = new Tally();
    const stop = attack(site, names);
    const [probed] = await Promise.race([
      Promise.all([probe(site, over), goodClients(site, good, over)]),
      died,
    ]);
    for (const [name, count] of await stop()) say(`${String(count).padStart(6)}  ${name}`);
    const { resident, anonymous } = probed.peak;
    say(`/healthz  ${probed.healthz.summary}\nNOOP      ${probed.noop.summary}`);
    say(`peak memory ${mebibytes(resident)}, of which ${mebibytes(anonymous)} anonymous`);
    say(`${good.total} jobs of well-behaved clients, ${good.failed} failed`);
    return [
      ...good.failures,
      ...site.engine.errors,
      ...(probed.healthz.quantile(1) > MAX_PROBE ? [`/healthz took more than ${MAX_PROBE} ms`] : []),
      ...(anonymous > MEMORY_LIMIT - MIN_FREE_MEMORY
        ? [`less than ${mebibytes(MIN_FREE_MEMORY)} of the memory limit remained free`]
        : []),
    ];
  } finally {
    await site.end();
  }
}

async function main(): Promise<number> {
  const seconds = Number(values.seconds);
  const names = Object.keys(FLOODS).filter((name) => name.includes(values.only));
  if (values.help || !(seconds > 0) || names.length === 0) {
    (values.help ? process.stdout : process.stderr).write(`${USAGE}\n`);
    return values.help ? 0 : 2;
  }
  const violations = await siege(seconds, names).catch((error: unknown) => [
    `the engine does not reply: ${String(error)}`,
  ]);
  for (const violation of violations) say(`FAILED ${violation}`);
  return violations.length === 0 ? 0 : 1;
}

process.exit(await main());
