/** `make fuzz`: sends random sessions to an engine. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { heapAfterCollection, residentMemory } from "../support/process-memory.ts";
import { Site } from "../soak/site.ts";
import { violationOf, smallest } from "./check.ts";
import { roundOf } from "./round.ts";

const USAGE = `make fuzz [SECONDS=120] [SEED=1]

  SECONDS  duration; each round takes about a second
  SEED     seed of the first round (default: random)`;
const SEEDS = join(import.meta.dirname, "seeds");
const SEED_BOUND = 2 ** 31;
const ROUNDS_PER_LINE = 20;
const MEBIBYTE = 2 ** 20;
/** Maximum heap growth in bytes. */
const HEAP_GROWTH = 6 * MEBIBYTE;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    seed: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs the saved rounds, then random rounds until the configured time has passed. Returns whether all passed. */
async function fuzz(seconds: number, first: number): Promise<boolean> {
  const site = await Site.start();
  const end = Date.now() + seconds * 1000;
  try {
    for (const name of await readdir(SEEDS)) {
      const violation = await violationOf(site, JSON.parse(await readFile(join(SEEDS, name), "utf8")));
      if (violation !== undefined) {
        say(`${name}: the engine ${violation}`);
        return false;
      }
    }
    const before = await memoryOf(site);
    let sessions = 0;
    for (let seed = first; Date.now() < end; seed++) {
      const round = roundOf(seed);
      sessions += round.length;
      const violation = await violationOf(site, round);
      if (violation !== undefined) {
        say(`SEED=${seed}: the engine ${violation}`);
        await save(seed, round);
        return false;
      }
      if ((seed - first + 1) % ROUNDS_PER_LINE === 0) say(`${seed - first + 1} rounds, ${sessions} sessions`);
    }
    const after = await memoryOf(site);
    say(`${sessions} sessions`);
    say(
      `heap ${change(before.heap, after.heap)}, resident memory ${change(before.resident, after.resident)}`,
    );
    return after.heap - before.heap < HEAP_GROWTH;
  } finally {
    await site.end();
  }
}

/** Runs a garbage collection, and returns the memory usage of the engine in bytes. */
async function memoryOf(site: Site): Promise<{ heap: number; resident: number }> {
  const heap = await heapAfterCollection(site.inspectorPort);
  return { heap, resident: (await residentMemory(site.engine.pid)).resident };
}

function change(before: number, after: number): string {
  return `${(before / MEBIBYTE).toFixed(1)} to ${(after / MEBIBYTE).toFixed(1)} MiB`;
}

/** Saves a failing round, so that `make test` runs the round again. */
async function save(seed: number, round: ReturnType<typeof roundOf>): Promise<void> {
  const file = join(SEEDS, `${seed}.json`);
  await mkdir(SEEDS, { recursive: true });
  await writeFile(file, `${JSON.stringify(await smallest(round), undefined, 1)}\n`);
  say(`saved in ${file}`);
}

async function main(): Promise<number> {
  const seconds = Number(values.seconds);
  const seed = values.seed === "" ? randomInt(SEED_BOUND) : Number(values.seed);
  if (values.help || !(seconds > 0) || !Number.isInteger(seed)) {
    (values.help ? process.stdout : process.stderr).write(`${USAGE}\n`);
    return values.help ? 0 : 2;
  }
  say(`SEED=${seed}`);
  return (await fuzz(seconds, seed)) ? 0 : 1;
}

// Exits explicitly, because Node.js keeps the handles of interrupted TLS handshakes open.
process.exit(await main());
