/**
 * `make bench-object-storage`: compares an engine with a bucket to the AWS SDK alone, and writes a section in
 * docs/reference/benchmarks.md.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { EngineConfig, EngineUser } from "../../../src/api/engine-config.ts";
import { run } from "../../../test/cluster/run.ts";
import type { EngineProcess } from "../../../test/support/engine/engine-process.ts";
import { BucketConfig, MIB } from "../../../test/support/s3/object-homes.ts";
import { type S3Server, startVersityGw } from "../../../test/support/s3/s3-server.ts";
import { cpuSecondsOf } from "../../support/cpu-time.ts";
import { benchUser, load, startEngine as startIn } from "../engine-load.ts";
import { install } from "../install.ts";
import { withMachine, withSection } from "../page-section.ts";
import {
  type BareConfig,
  type Figure,
  FULL,
  type Job,
  JOBS,
  type Memory,
  type Outcome,
  SHORT,
} from "./jobs.ts";
import { sectionOf } from "./section.ts";

const PAGE = join(import.meta.dirname, "../../../docs/reference/benchmarks.md");
/** The folder is on tmpfs, so that the disk does not limit the results. */
const FILES = "/dev/shm/ftp-operator-bench-object-storage";
const IDLE_MILLISECONDS = 5000;
const TIMEOUT = 900_000;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    short: { type: "boolean", default: false },
    jobs: { type: "string" },
  },
});
const runs = Number(values.runs);
/** Number of users that upload at the same time for the memory measurement. */
const CROWD_USERS = 20;
const HOMES = Math.max(runs, CROWD_USERS);
const sizes = values.short ? SHORT : FULL;
/** Jobs to run, for example `--jobs small-upload`. With the option `--jobs`, the program does not write the page. */
const jobs = JOBS.filter((job) => values.jobs?.split(",").includes(job) ?? true);

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Returns a name that identifies both a user and the home of this user. Each round stores its small files in the home
 * with the number of the round.
 */
function homeOf(number: number): string {
  return `bench-${number}`;
}

function user(name: string): EngineUser {
  return benchUser(name, { homeDirectory: `/${name}` });
}

function startEngine(storage: Partial<EngineConfig>): Promise<EngineProcess> {
  const users = [user("bench"), ...Array.from({ length: HOMES }, (_, number) => user(homeOf(number)))];
  return startIn(FILES, { users, ...storage });
}

function isSmall(job: Job): boolean {
  return job.startsWith("small");
}

function argumentsOf(job: Job): string[] {
  const bytes = ["-bytes", `${isSmall(job) ? sizes.smallBytes : sizes.large}`];
  if (isSmall(job)) return ["-count", `${sizes.small}`, "-name", "small", ...bytes, job];
  return ["-name", job === "upload" ? "up" : "up-0", ...bytes, job];
}

async function kibibytes(pid: number, file: string, field: string): Promise<number> {
  const text = await readFile(`/proc/${pid}/${file}`, "utf8");
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "mu").exec(text)?.[1] ?? Number.NaN) * 1024;
}

async function measureEngine(
  engine: EngineProcess,
  program: string,
  job: Job,
  round: number,
): Promise<Figure> {
  const before = await cpuSecondsOf(engine.pid);
  const seconds = await load(engine, program, argumentsOf(job), isSmall(job) ? homeOf(round) : "bench");
  return { seconds, cpuSeconds: (await cpuSecondsOf(engine.pid)) - before };
}

async function measureBare(config: BareConfig, job: Job): Promise<Figure> {
  const program = join(import.meta.dirname, "bare-client.ts");
  const env = { ...process.env, BARE_CLIENT: JSON.stringify(config) };
  const [seconds = 0, cpuSeconds = 0] = (
    await run([process.execPath, program, job], { env, timeout: TIMEOUT })
  )
    .trim()
    .split(" ")
    .map(Number);
  return { seconds, cpuSeconds };
}

/** Measures the memory of new engines. */
async function measureMemory(storage: Partial<EngineConfig>, program: string): Promise<Memory> {
  const idle = async (change: Partial<EngineConfig>): Promise<number> => {
    const engine = await startEngine(change);
    await new Promise((resolve) => void setTimeout(resolve, IDLE_MILLISECONDS));
    const bytes = await kibibytes(engine.pid, "smaps_rollup", "Pss");
    engine.kill();
    return bytes;
  };
  const crowded = await startEngine(storage);
  // Several accounts are required, because one account cannot use all the space for temporary files.
  const users = Array.from({ length: CROWD_USERS }, (_, number) => homeOf(number));
  const clients = ["-clients", `${Math.ceil(sizes.crowd / users.length)}`];
  const uploads = [...clients, "-name", "crowd", "-bytes", `${sizes.crowdBytes}`, "upload"];
  await Promise.all(users.map((name) => load(crowded, program, uploads, name)));
  const crowd = await kibibytes(crowded.pid, "status", "VmHWM");
  crowded.kill();
  return { crowd, idleVolume: await idle({}), idleBucket: await idle(storage) };
}

function add(figures: Map<Job, Figure[]>, job: Job, figure: Figure): void {
  figures.set(job, [...(figures.get(job) ?? []), figure]);
}

async function measureAll(server: S3Server, program: string): Promise<Outcome> {
  const multipart = { partSizeBytes: 16 * MIB, concurrency: 4 };
  await using bucket = await BucketConfig.create(server, await server.createBucket(), { multipart });
  const { prefix, region } = bucket.config;
  const { endpoint, accessKeyId, secretAccessKey } = server;
  const bare: Omit<BareConfig, "smallName"> = {
    bucket: bucket.config.bucket,
    prefix: `${prefix}-bare/`,
    region,
    multipart,
    endpoint,
    credentials: { accessKeyId, secretAccessKey },
    sizes,
  };
  const storage = { storage: { objectStorage: bucket.config } };
  const engine = await startEngine(storage);
  const local = await startEngine({});
  const figures = {
    engine: new Map<Job, Figure[]>(),
    bare: new Map<Job, Figure[]>(),
    volume: new Map<Job, Figure[]>(),
  };
  for (let round = 0; round < runs; round++)
    for (const job of jobs) {
      const ours = await measureEngine(engine, program, job, round);
      const others = await measureBare({ ...bare, smallName: `small-${round}` }, job);
      add(figures.engine, job, ours);
      add(figures.bare, job, others);
      say(`${job}: engine ${JSON.stringify(ours)}, SDK ${JSON.stringify(others)}`);
      if (isSmall(job)) add(figures.volume, job, await measureEngine(local, program, job, round));
    }
  for (const one of [engine, local]) one.kill();
  return { sizes, runs, ...figures, memory: await measureMemory(storage, program) };
}

await mkdir(FILES, { recursive: true });
process.env["TMPDIR"] = await mkdtemp(join(FILES, "temporary-"));
try {
  const { load: program } = await install();
  await using server = await startVersityGw();
  const section = sectionOf(await measureAll(server, program));
  process.stdout.write(section);
  if (!values.short && values.jobs === undefined)
    await writeFile(PAGE, withSection(await readFile(PAGE, "utf8"), "Object storage", withMachine(section)));
} finally {
  await rm(FILES, { recursive: true, force: true });
}
