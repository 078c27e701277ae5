/** Tests all jobs, and an aborted transfer, with one client program over one connection type. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { hash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endWithUs, run } from "../../test/cluster/run.ts";
import type { EngineProcess } from "../../test/support/engine/engine-process.ts";
import type { Mode } from "../../test/support/clients/clients.ts";
import type { Programs } from "./install.ts";
import type { Cell, StorageKind, Trial } from "./page.ts";
import type { Job, Program, Protection, Task } from "./programs.ts";
import type { StoredFiles } from "./stored-files.ts";

const TIMEOUT_MILLISECONDS = 30_000;
const MIRRORED_FILES = 20;
const LIBRARIES = "usr/lib/x86_64-linux-gnu";

export interface Bench {
  engine: EngineProcess;
  storage: StorageKind;
  /** Stored files of the user. */
  files: StoredFiles;
  installed: Programs;
  /** Working directory of clients. */
  directory: string;
  content: Buffer;
}

export async function trials(
  program: Program,
  protection: Protection,
  mode: Mode,
  bench: Bench,
): Promise<Cell> {
  const passed: Trial[] = [];
  const failed = new Map<Trial, string>();
  const all: Trial[] = [
    ...program.jobs,
    "abort",
    ...(program.mirror === undefined ? [] : ["mirror" as const]),
  ];
  for (const trial of all) {
    try {
      await clean(bench);
      const job = trial === "abort" || trial === "mirror" ? "list" : trial;
      const at = taskFor(program, job, { protection, mode }, bench);
      if (trial === "resume-upload") await interruptUpload(program, at, bench);
      if (trial === "abort") await abort(program, at, bench);
      else if (trial === "mirror") await mirror(program, at, bench);
      else await JOB_TRIALS[trial](() => work(program, at, bench), at, bench);
      passed.push(trial);
    } catch (error) {
      failed.set(trial, error instanceof Error ? error.message : String(error));
    }
  }
  return { storage: bench.storage, protection, mode, passed, failed };
}

function taskFor(
  program: Program,
  job: Job,
  { protection, mode }: Pick<Task, "protection" | "mode">,
  { engine, directory }: Bench,
): Task {
  const name = `${program.name.replaceAll(/\W/gu, "-")}.bin`;
  const [host, port] = ["127.0.0.1", engine.config.controlPort];
  return {
    job,
    host,
    port,
    // The interrupted upload belongs to the user `slow`.
    user: job === "resume-upload" ? "slow" : "alice",
    password: "secret",
    protection,
    mode,
    name,
    file: join(directory, name),
  };
}

async function clean({ files, directory }: Bench): Promise<void> {
  await files.clear();
  await rm(directory, { recursive: true });
  await mkdir(directory);
}

function environment({ installed }: Bench): NodeJS.ProcessEnv {
  return { ...process.env, LD_LIBRARY_PATH: join(installed.root, LIBRARIES) };
}

function work(program: Program, task: Task, bench: Bench): Promise<string> {
  return run(program.command(task, bench.installed), {
    timeout: TIMEOUT_MILLISECONDS,
    env: environment(bench),
  });
}

type JobTrial = (work: () => Promise<string>, task: Task, bench: Bench) => Promise<void>;

const JOB_TRIALS: Readonly<Record<Job, JobTrial>> = {
  async upload(work, task, bench) {
    await writeFile(task.file, bench.content);
    await work();
    await assertStored(task, bench);
  },
  async download(work, task, bench) {
    await bench.files.write(task.name, bench.content);
    await work();
    await assertContent(task.file, bench);
  },
  async list(work, task, bench) {
    await bench.files.write(task.name, Buffer.alloc(0));
    assert.ok((await work()).includes(task.name), "the listing does not contain the file");
  },
  async "resume-upload"(work, task, bench) {
    await writeFile(task.file, bench.content);
    const before = await transferred(bench);
    await work();
    await assertStored(task, bench);
    assert.ok(
      (await transferred(bench)) - before < bench.content.length,
      "the complete file was transferred",
    );
    assert.deepEqual(await bench.files.names(), [task.name]);
    assert.deepEqual(await bench.files.incomplete(bench.content), []);
  },
  async "resume-download"(work, task, bench) {
    await bench.files.write(task.name, bench.content);
    await writeFile(task.file, third(bench));
    const before = await transferred(bench);
    await work();
    await assertContent(task.file, bench);
    assert.ok(
      (await transferred(bench)) - before < bench.content.length,
      "the complete file was transferred",
    );
  },
};

function third({ content }: Bench): Buffer {
  return content.subarray(0, Math.floor(content.length / 3));
}

async function assertStored({ name }: Task, bench: Bench): Promise<void> {
  assertSame(await bench.files.read(name), bench);
}

async function assertContent(path: string, bench: Bench): Promise<void> {
  assertSame(await readFile(path), bench);
}

function assertSame(actual: Buffer, { content }: Bench): void {
  assert.ok(actual.equals(content), `${actual.length} bytes differ from the ${content.length} bytes sent`);
}

/** Kills the client program during an upload. The engine keeps the incomplete upload. */
async function interruptUpload(program: Program, task: Task, bench: Bench): Promise<void> {
  await writeFile(task.file, bench.content);
  await killMidway(program, { ...task, job: "upload" }, bench);
  await assertKept(bench);
  assert.deepEqual(await bench.files.names(), []);
}

/** Kills the client program during an upload, or during a download if the program does not support uploads. */
async function abort(program: Program, task: Task, bench: Bench): Promise<void> {
  const job = program.jobs.includes("upload") ? "upload" : "download";
  const old = Buffer.from("previous content");
  await writeFile(task.file, bench.content);
  await bench.files.write(task.name, job === "upload" ? old : bench.content);
  await killMidway(program, { ...task, job, user: "slow" }, bench);
  if (job === "upload") {
    assert.ok((await bench.files.read(task.name)).equals(old), "the old file was changed");
    await assertKept(bench);
  }
  assert.deepEqual(await bench.files.names(), [task.name]);
  assert.ok(
    (await work(program, { ...task, job: "list" }, bench)).includes(task.name),
    "the next client cannot list files",
  );
}

/** Checks that the engine keeps exactly one incomplete upload. */
async function assertKept({ files, content }: Bench): Promise<void> {
  const kept = await files.incomplete(content);
  assert.ok(
    kept.length === 1 && kept.every((bytes) => bytes > 0 && bytes < content.length),
    `incomplete uploads of ${JSON.stringify(kept)} bytes are kept`,
  );
}

/** Uploads a directory tree, downloads it again, and compares the names and contents. */
async function mirror(program: Program, task: Task, bench: Bench): Promise<void> {
  const from = join(bench.directory, "tree");
  const to = join(bench.directory, "copy");
  await mkdir(join(from, "a", "b b", "c"), { recursive: true });
  await mkdir(join(from, "empty"));
  await mkdir(to);
  for (let index = 0; index < MIRRORED_FILES; index++)
    await writeFile(join(from, index % 2 === 0 ? "a" : "a/b b", `file ${index}`), `content ${index}`);
  await writeFile(join(from, "a", "b b", "c", "ä"), bench.content);
  for (const argv of program.mirror?.(task, { from, to }, bench.installed) ?? [])
    await run(argv, { timeout: TIMEOUT_MILLISECONDS, env: environment(bench) });
  assert.deepEqual(await contentsOf(to), await contentsOf(from));
}

/** Returns the path of each directory and file, with a digest of each file. */
async function contentsOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return `${path.slice(folder.length)} ${entry.isFile() ? hash("sha256", await readFile(path)) : ""}`;
  });
  return (await Promise.all(lines)).toSorted();
}

async function killMidway(program: Program, task: Task, bench: Bench): Promise<void> {
  const [command = "", ...args] = program.command(task, bench.installed);
  // The child process is the leader of a new process group, because a shell starts some client programs.
  const child = spawn(command, args, { stdio: "ignore", detached: true, env: environment(bench) });
  endWithUs(child);
  const closed = once(child, "close");
  await until("a transfer runs", async () => (await metric(bench, "ftp_transfers_in_progress")) > 0);
  await bench.files.midway(task.job === "upload" ? "upload" : "download");
  if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  await closed;
  await until("the session ends", async () => (await metric(bench, "ftp_sessions")) === 0);
}

function transferred(bench: Bench): Promise<number> {
  return metric(bench, "ftp_transfer_bytes_total");
}

/** Returns the sum of the values of all series in a metric. */
async function metric({ engine }: Bench, name: string): Promise<number> {
  const { text } = await engine.page("/metrics");
  const lines = text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "gmu"));
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MILLISECONDS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`timeout after ${TIMEOUT_MILLISECONDS / 1000} s: ${what}`);
    await sleep(20);
  }
}
