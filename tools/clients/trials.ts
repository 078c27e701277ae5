/** Tests all jobs and an abort with one client program over one connection type. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isPartial } from "../../src/engine/storage/local/uploads/partials.ts";
import { endWithUs, run } from "../../test/cluster/run.ts";
import type { EngineProcess } from "../../test/support/engine/engine-process.ts";
import type { Mode } from "../../test/support/clients/clients.ts";
import type { Programs } from "./install.ts";
import type { Cell, Trial } from "./page.ts";
import type { Job, Program, Protection, Task } from "./programs.ts";

/**
 * Bandwidth limit of the user "slow" in bytes per second, low enough to kill a client during a transfer.
 */
export const SLOW = 2_000_000;
/** Time in milliseconds from the start of a transfer until the client is killed. */
const MIDDLE_MILLISECONDS = 500;
const TIMEOUT_MILLISECONDS = 30_000;
const LIBRARIES = "usr/lib/x86_64-linux-gnu";

export interface Bench {
  engine: EngineProcess;
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
  for (const trial of [...program.jobs, "abort"] as const) {
    try {
      await clean(bench);
      const at = taskFor(program, trial === "abort" ? "list" : trial, { protection, mode }, bench);
      if (trial === "resume-upload") await interruptUpload(program, at, bench);
      if (trial === "abort") await abort(program, at, bench);
      else await JOB_TRIALS[trial](() => work(program, at, bench), at, bench);
      passed.push(trial);
    } catch (error) {
      failed.set(trial, error instanceof Error ? error.message : String(error));
    }
  }
  return { protection, mode, passed, failed };
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
    // The user "slow" sent the interrupted upload.
    user: job === "resume-upload" ? "slow" : "alice",
    password: "secret",
    protection,
    mode,
    name,
    file: join(directory, name),
  };
}

/** Removes all files. Keeps the directory itself, because the engine holds a descriptor of its root directory. */
async function clean({ engine, directory }: Bench): Promise<void> {
  for (const folder of [engine.root, directory])
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
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
    await assertContent(remote(task, bench), bench);
  },
  async download(work, task, bench) {
    await writeFile(remote(task, bench), bench.content);
    await work();
    await assertContent(task.file, bench);
  },
  async list(work, task, bench) {
    await writeFile(remote(task, bench), "");
    assert.ok((await work()).includes(task.name), "the listing does not contain the file");
  },
  async "resume-upload"(work, task, bench) {
    await writeFile(task.file, bench.content);
    const before = await transferred(bench);
    await work();
    await assertContent(remote(task, bench), bench);
    assert.ok(
      (await transferred(bench)) - before < bench.content.length,
      "the complete file was transferred",
    );
    assert.deepEqual(await readdir(bench.engine.root), [task.name]);
  },
  async "resume-download"(work, task, bench) {
    await writeFile(remote(task, bench), bench.content);
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

function remote({ name }: Task, { engine }: Bench): string {
  return join(engine.root, name);
}

async function assertContent(path: string, { content }: Bench): Promise<void> {
  const actual = await readFile(path);
  assert.ok(actual.equals(content), `${actual.length} bytes differ from the ${content.length} bytes sent`);
}

/** Kills the client program during an upload. The engine keeps the incomplete upload. */
async function interruptUpload(program: Program, task: Task, bench: Bench): Promise<void> {
  await writeFile(task.file, bench.content);
  await killMidway(program.command({ ...task, job: "upload" }, bench.installed), bench);
  const [name = "", ...others] = await readdir(bench.engine.root);
  assert.ok(isPartial(name) && others.length === 0, "the partial upload is not kept");
}

/** Kills the client program during an upload, or during a download if the program cannot upload. */
async function abort(program: Program, task: Task, bench: Bench): Promise<void> {
  const job = program.jobs.includes("upload") ? "upload" : "download";
  const old = Buffer.from("previous content");
  await writeFile(task.file, bench.content);
  await writeFile(remote(task, bench), job === "upload" ? old : bench.content);
  await killMidway(program.command({ ...task, job, user: "slow" }, bench.installed), bench);
  const files = await readdir(bench.engine.root);
  if (job === "upload") {
    assert.ok((await readFile(remote(task, bench))).equals(old), "the old file was changed");
    const name = files.find(isPartial) ?? "";
    const partial = await readFile(join(bench.engine.root, name));
    assert.ok(
      partial.length > 0 && partial.length < bench.content.length,
      `${partial.length} bytes were kept`,
    );
    assert.ok(
      partial.equals(bench.content.subarray(0, partial.length)),
      "the partial upload differs from the sent bytes",
    );
    assert.deepEqual(
      files.filter((other) => other !== name),
      [task.name],
    );
  } else {
    assert.deepEqual(files, [task.name]);
  }
  assert.ok(
    (await work(program, { ...task, job: "list" }, bench)).includes(task.name),
    "the next client cannot list files",
  );
}

async function killMidway(argv: readonly string[], bench: Bench): Promise<void> {
  const [command = "", ...args] = argv;
  // The child has its own process group, because a shell starts some client programs.
  const child = spawn(command, args, { stdio: "ignore", detached: true, env: environment(bench) });
  endWithUs(child);
  const closed = once(child, "close");
  await until("a transfer runs", async () => (await metric(bench, "ftp_transfers_in_progress")) > 0);
  await sleep(MIDDLE_MILLISECONDS);
  if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  await closed;
  await until("the session ends", async () => (await metric(bench, "ftp_sessions")) === 0);
}

function transferred(bench: Bench): Promise<number> {
  return metric(bench, "ftp_transfer_bytes_total");
}

/** Returns the sum of the values of all series of a metric. */
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
