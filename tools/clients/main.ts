/**
 * `make clients`: tests all client programs with the engine over all connection types. Writes
 * docs/reference/clients.md.
 */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { finish } from "../../test/cluster/run.ts";
import { likelyFreeRange } from "../../test/cluster/free-ports.ts";
import { hashPassword } from "../../src/api/password-hash.ts";
import { EngineProcess } from "../../test/support/engine/engine-process.ts";
import { testConfig, testUser } from "../../test/support/engine/server.ts";
import { tlsConfig } from "../../test/support/engine/tls-world.ts";
import { installPrograms, type Programs } from "./install.ts";
import { BUCKET_COLUMNS, type Cell, page, type Row } from "./page.ts";
import { type Program, PROGRAMS, type Protection } from "./programs.ts";
import type { Mode } from "../../test/support/clients/clients.ts";
import { BucketFiles, VolumeFiles } from "./stored-files.ts";
import { type Bench, trials } from "./trials.ts";
import type { EngineConfig } from "../../src/api/engine-config.ts";
import { BucketConfig } from "../../test/support/s3/object-homes.ts";
import { startVersityGw } from "../../test/support/s3/s3-server.ts";

const PAGE = join(import.meta.dirname, "../../docs/reference/clients.md");
/**
 * File size in bytes, and bandwidth limit of the user `slow` in bytes per second. The low limit leaves time to kill a
 * client during a transfer.
 */
const VOLUME = { content: 6_000_017, slow: 2_000_000 };
/** After an interrupted upload, the engine keeps the complete parts, each of 5 MiB. */
const BUCKET = { content: 14_000_017, slow: 5_000_000 };
const PASSIVE_PORTS = 10;

const { values } = parseArgs({ options: { only: { type: "string" } } });

async function startEngine(
  directory: string,
  mode: "Optional" | "Implicit",
  { slow }: { slow: number },
  change: Partial<EngineConfig> = {},
): Promise<EngineProcess> {
  const passwordHash = await hashPassword("secret");
  const limits = { uploadBytesPerSecond: slow, downloadBytesPerSecond: slow };
  const { passive } = testConfig();
  return await EngineProcess.start(directory, {
    tls: await tlsConfig({ mode }),
    active: { mode: "Enabled" },
    uploads: { incomplete: "Keep", sync: "Never", missingCloseNotify: "Deny" },
    users: [testUser("alice", { passwordHash }), testUser("slow", { passwordHash, limits })],
    passive: { ...passive, portRange: likelyFreeRange(PASSIVE_PORTS) },
    ...change,
  });
}

async function versionOf(program: Program, installed: Programs): Promise<string> {
  const { stdout, stderr } = await finish(program.version(installed), {
    cwd: import.meta.dirname,
    env: { ...process.env, LD_LIBRARY_PATH: join(installed.root, "usr/lib/x86_64-linux-gnu") },
  });
  return /\d+(?:\.\d+)+/u.exec(stdout + stderr)?.[0] ?? "";
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Connection types that are tested with one storage type. */
type Benches = Partial<Record<Protection, Bench>>;

async function cellsOf(program: Program, benches: Benches, chosen: readonly Mode[]): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const protection of program.protections)
    for (const mode of program.modes.filter((one) => chosen.includes(one))) {
      const bench = benches[protection];
      if (bench === undefined || program.cannot?.(protection, mode) === true) continue;
      const cell = await trials(program, protection, mode, bench);
      cells.push(cell);
      say(`${program.name}, ${bench.storage}, ${protection}, ${mode}: ${cell.passed.join(" ")}`);
      for (const [trial, reason] of cell.failed) say(`  ${trial} FAILED: ${reason}`);
    }
  return cells;
}

const directory = await mkdtemp(join(tmpdir(), "ftp-operator-clients-"));
say("installing client programs from Debian packages and Go modules");
const installed = await installPrograms();
await using s3 = await startVersityGw();
await using bucket = await BucketConfig.create(s3, await s3.createBucket());
const engines = {
  optional: await startEngine(directory, "Optional", VOLUME),
  implicit: await startEngine(directory, "Implicit", VOLUME),
  bucket: await startEngine(directory, "Optional", BUCKET, { storage: { objectStorage: bucket.config } }),
};

async function volumeBench(engine: EngineProcess, name: string): Promise<Bench> {
  const files = new VolumeFiles(engine.root);
  return await bench({ engine, storage: "Volume", files, content: randomBytes(VOLUME.content) }, name);
}

async function bench(
  parts: Pick<Bench, "engine" | "storage" | "files" | "content">,
  name: string,
): Promise<Bench> {
  const work = join(directory, name);
  await mkdir(work);
  return { ...parts, installed, directory: work };
}

try {
  const explicit = await volumeBench(engines.optional, "work");
  const volumes = {
    plain: explicit,
    explicit,
    implicit: await volumeBench(engines.implicit, "work-implicit"),
  };
  const files = new BucketFiles(s3.client(), bucket.config.bucket, `${bucket.config.prefix}/`);
  const content = randomBytes(BUCKET.content);
  const inBucket = await bench({ engine: engines.bucket, storage: "Bucket", files, content }, "work-bucket");
  const buckets: Benches = Object.fromEntries(BUCKET_COLUMNS.map(({ protection }) => [protection, inBucket]));
  const rows: Row[] = [];
  for (const program of PROGRAMS.filter(({ name }) => values.only === undefined || name === values.only))
    rows.push({
      program,
      version: await versionOf(program, installed),
      cells: [
        ...(await cellsOf(program, volumes, ["passive", "active"])),
        ...(await cellsOf(program, buckets, ["passive"])),
      ],
    });
  if (values.only === undefined) await writeFile(PAGE, page(rows));
  else say(page(rows));
  const failures = rows.flatMap(({ cells }) => cells.flatMap(({ failed }) => [...failed]));
  if (failures.length > 0) {
    say(`${failures.length} failed`);
    process.exitCode = 1;
  }
  const errors = Object.values(engines).flatMap((engine) => engine.errors);
  if (errors.length > 0) throw new Error(`errors of the engine: ${errors.join("\n")}`);
} finally {
  for (const engine of Object.values(engines)) engine.kill();
  await rm(directory, { recursive: true });
}
