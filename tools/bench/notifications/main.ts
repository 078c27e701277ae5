/**
 * `make bench-notifications`: compares uploads with and without a notification, and writes a section in
 * docs/reference/benchmarks.md.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { EngineConfig } from "../../../src/api/engine-config.ts";
import { freePorts } from "../../../test/cluster/free-ports.ts";
import { dyingWithUs, endWithUs } from "../../../test/cluster/run.ts";
import type { EngineProcess } from "../../../test/support/engine/engine-process.ts";
import { notificationsTo } from "../../../test/support/notifications/notified-engine.ts";
import { cpuSecondsOf } from "../../support/cpu-time.ts";
import { load, startEngine } from "../engine-load.ts";
import { install } from "../install.ts";
import { withMachine, withSection } from "../page-section.ts";
import { CLIENTS, type Figure, FULL, type Outcome, type Recovery, SHORT } from "./jobs.ts";
import { sectionOf } from "./section.ts";

const PAGE = join(import.meta.dirname, "../../../docs/reference/benchmarks.md");
/** The folder is on tmpfs, so that the disk does not limit the results. */
const FILES = "/dev/shm/ftp-operator-bench-notifications";
/** Maximum time in milliseconds to wait for all events. */
const PATIENCE = 120_000;
const MOST_CLIENTS = 16;
/**
 * Low priority for the receiver, which normally runs on another machine and must not take CPU time from the engines.
 */
const RECEIVER_NICENESS = 19;

const { values } = parseArgs({
  options: { runs: { type: "string", default: "5" }, short: { type: "boolean", default: false } },
});
const runs = Number(values.runs);
const sizes = values.short ? SHORT : FULL;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The event receiver in the load program, on a fixed port. */
class Receiver {
  readonly #program: string;
  readonly #port: number;

  constructor(program: string, port: number) {
    this.#program = program;
    this.#port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  start(): AsyncDisposable {
    const program = [this.#program, "-address", `127.0.0.1:${this.#port}`, "receive"];
    const [command = "", ...args] = dyingWithUs(["nice", "-n", `${RECEIVER_NICENESS}`, ...program]);
    const child = spawn(command, args, { stdio: "inherit" });
    endWithUs(child);
    const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
    return {
      [Symbol.asyncDispose]: async () => {
        child.kill();
        await ended;
      },
    };
  }

  /** Returns the number of requests, and the number of different event subjects with the given prefix. */
  async counts(beginning: string): Promise<{ requests: number; subjects: number }> {
    const answer = await fetch(new URL(beginning, this.url)).catch(() => undefined);
    const [requests = 0, subjects = 0] = ((await answer?.text()) ?? "0 0").trim().split(" ").map(Number);
    return { requests, subjects };
  }

  /**
   * Waits for events about the given number of different files. Returns the number of files for which an event has
   * arrived.
   */
  async received(beginning: string, count: number, patience = PATIENCE): Promise<number> {
    for (const end = performance.now() + patience; ; await sleep(50)) {
      const { subjects } = await this.counts(beginning);
      if (subjects >= count || performance.now() > end) return subjects;
    }
  }
}

function withEventsTo(receiver: Receiver, root: string): Partial<EngineConfig> {
  return {
    storage: { root },
    notifications: notificationsTo(receiver.url, root, { events: ["FileUploaded"] }),
  };
}

function uploads(clients: number, count: number, name: string): string[] {
  return [
    "-clients",
    `${clients}`,
    "-count",
    `${count}`,
    "-name",
    name,
    "-bytes",
    `${sizes.bytes}`,
    "small-upload",
  ];
}

/** Measures uploads to an engine. Waits for all events, so that their delivery does not affect the next measurement. */
async function measure(
  engine: EngineProcess,
  { program, clients, name, events }: { program: string; clients: number; name: string; events?: Receiver },
): Promise<Figure> {
  const before = await cpuSecondsOf(engine.pid);
  const seconds = await load(engine, program, uploads(clients, sizes.uploads, name));
  const received = await events?.received(`/${name}-`, sizes.uploads);
  if (received !== undefined && received < sizes.uploads)
    throw new Error(`${received} of ${sizes.uploads} events arrived`);
  return { seconds, cpuSeconds: (await cpuSecondsOf(engine.pid)) - before };
}

async function measureSpeed(program: string, receiver: Receiver): Promise<Pick<Outcome, "with" | "without">> {
  const figures = { with: new Map<number, Figure[]>(), without: new Map<number, Figure[]>() };
  await using _running = receiver.start();
  const notified = await startEngine(FILES, withEventsTo(receiver, await mkdtemp(join(FILES, "root-"))));
  const plain = await startEngine(FILES, { storage: { root: await mkdtemp(join(FILES, "root-")) } });
  for (let round = 0; round < runs; round++)
    for (const clients of CLIENTS) {
      const name = `up-${round}-${clients}`;
      const one = await measure(notified, { program, clients, name, events: receiver });
      const other = await measure(plain, { program, clients, name });
      figures.with.set(clients, [...(figures.with.get(clients) ?? []), one]);
      figures.without.set(clients, [...(figures.without.get(clients) ?? []), other]);
      say(
        `round ${round + 1} of ${runs}, ${clients} clients: with ${JSON.stringify(one)}, without ${JSON.stringify(other)}`,
      );
    }
  notified.kill();
  plain.kill();
  return figures;
}

async function filesIn(root: string): Promise<string[]> {
  return (await readdir(root)).filter((name) => !name.startsWith("."));
}

/** Uploads files while the receiver is down. Kills the engine during the uploads. */
async function measureRecovery(program: string, receiver: Receiver): Promise<Recovery> {
  const root = await mkdtemp(join(FILES, "root-"));
  const outage = sleep(sizes.outage * 1000);
  say(`the receiver is down for ${sizes.outage} s`);
  const first = await startEngine(FILES, withEventsTo(receiver, root));
  const broken = load(first, program, uploads(MOST_CLIENTS, sizes.uploads, "first")).catch(() => undefined);
  while ((await filesIn(root)).length < sizes.uploads / 4) await sleep(20);
  first.kill();
  say("the first engine is killed");
  await Promise.all([broken, first.ended]);
  // At the time of the kill, each client can have stored one file without receiving the reply.
  const acknowledged = Math.max(0, (await filesIn(root)).length - MOST_CLIENTS);
  const second = await startEngine(FILES, withEventsTo(receiver, root));
  await load(second, program, uploads(MOST_CLIENTS, sizes.uploads, "second"));
  say("the uploads to the second engine are stored");
  await outage;
  const started = performance.now();
  await using _running = receiver.start();
  const later = await receiver.received("/second-", sizes.uploads);
  const earlier = await receiver.received("/first-", acknowledged);
  const seconds = (performance.now() - started) / 1000;
  const { requests, subjects } = await receiver.counts("/");
  second.kill();
  say(`the events have arrived after ${seconds.toFixed(1)} s`);
  const missing = sizes.uploads - later + Math.max(0, acknowledged - earlier);
  return { uploads: sizes.uploads + acknowledged, missing, repeated: requests - subjects, seconds };
}

await mkdir(FILES, { recursive: true });
process.env["TMPDIR"] = await mkdtemp(join(FILES, "temporary-"));
try {
  const { load: program } = await install();
  const [port = 0] = await freePorts(1);
  const receiver = new Receiver(program, port);
  const speed = await measureSpeed(program, receiver);
  const recovery = await measureRecovery(program, receiver);
  const section = sectionOf({ sizes, runs, ...speed, recovery });
  process.stdout.write(section);
  if (!values.short)
    await writeFile(PAGE, withSection(await readFile(PAGE, "utf8"), "Notifications", withMachine(section)));
} finally {
  await rm(FILES, { recursive: true, force: true });
}
