/**
 * `make clients`: tests all client programs with the engine over every connection type. Writes
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
import { type Cell, page, type Row } from "./page.ts";
import { type Program, PROGRAMS } from "./programs.ts";
import { type Bench, SLOW, trials } from "./trials.ts";

const PAGE = join(import.meta.dirname, "../../docs/reference/clients.md");
/**
 * File size in bytes. The file is large enough that a client with a bandwidth limit can be killed during the transfer.
 */
const CONTENT_BYTES = 6_000_017;
const PASSIVE_PORTS = 10;

const { values } = parseArgs({ options: { only: { type: "string" } } });

async function startEngine(directory: string, mode: "Optional" | "Implicit"): Promise<EngineProcess> {
  const passwordHash = await hashPassword("secret");
  const limits = { uploadBytesPerSecond: SLOW, downloadBytesPerSecond: SLOW };
  const { passive } = testConfig();
  return await EngineProcess.start(directory, {
    tls: await tlsConfig({ mode }),
    active: { mode: "Enabled" },
    uploads: { incomplete: "Keep", sync: "Never", missingCloseNotify: "Deny" },
    users: [testUser("alice", { passwordHash }), testUser("slow", { passwordHash, limits })],
    passive: { ...passive, portRange: likelyFreeRange(PASSIVE_PORTS) },
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

async function rowOf(program: Program, benches: Record<Cell["protection"], Bench>): Promise<Row> {
  const cells: Cell[] = [];
  for (const protection of program.protections)
    for (const mode of program.modes) {
      if (program.cannot?.(protection, mode) === true) continue;
      const cell = await trials(program, protection, mode, benches[protection]);
      cells.push(cell);
      say(`${program.name}, ${protection}, ${mode}: ${cell.passed.join(" ")}`);
      for (const [trial, reason] of cell.failed) say(`  ${trial} FAILED: ${reason}`);
    }
  return { program, version: await versionOf(program, benches.plain.installed), cells };
}

const directory = await mkdtemp(join(tmpdir(), "ftp-operator-clients-"));
say("installing client programs from Debian packages and Go modules");
const installed = await installPrograms();
const content = randomBytes(CONTENT_BYTES);
const optional = await startEngine(directory, "Optional");
const implicit = await startEngine(directory, "Implicit");
const bench = (engine: EngineProcess, name: string): Bench => ({
  engine,
  installed,
  content,
  directory: join(directory, name),
});
try {
  const explicit = bench(optional, "work");
  const benches = { plain: explicit, explicit, implicit: bench(implicit, "work-implicit") };
  for (const { directory: work } of Object.values(benches)) await mkdir(work, { recursive: true });
  const rows: Row[] = [];
  for (const program of PROGRAMS.filter(({ name }) => values.only === undefined || name === values.only))
    rows.push(await rowOf(program, benches));
  if (values.only === undefined) await writeFile(PAGE, page(rows));
  else say(page(rows));
  const failures = rows.flatMap(({ cells }) => cells.flatMap(({ failed }) => [...failed]));
  if (failures.length > 0) {
    say(`${failures.length} failed`);
    process.exitCode = 1;
  }
  const errors = [...optional.errors, ...implicit.errors];
  if (errors.length > 0) throw new Error(`errors of the engine: ${errors.join("\n")}`);
} finally {
  optional.kill();
  implicit.kill();
  await rm(directory, { recursive: true });
}
