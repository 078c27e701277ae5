import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { THREAD_NICENESS } from "../../src/engine/notifications/limits.ts";
import { waitUntil } from "../cluster/wait.ts";
import { EngineProcess } from "../support/engine/engine-process.ts";
import { EventReceiver } from "../support/notifications/event-receiver.ts";
import { loggedIn, notificationsTo } from "../support/notifications/notified-engine.ts";

/**
 * Matches modules in packages that only some configurations use. Of Ajv, the engine loads only the functions that the
 * generated validator calls.
 */
const OPTIONAL = /\/node_modules\/(undici|cloudevents|@aws-sdk|@smithy|ajv\/dist\/(?!runtime\/))/u;
const RECORDER = join(import.meta.dirname, "../support/engine/record-loads.ts");
const TIMEOUT = 60_000;
/** Index of the niceness among the fields that follow the program name in `/proc/PID/stat`. */
const NICENESS = 16;

interface Recorded extends AsyncDisposable {
  directory: string;
  /** Options for an engine process that records its loaded modules. */
  options: { node: string[]; within: string[] };
  loads(): Promise<string[]>;
}

async function recorded(): Promise<Recorded> {
  const directory = await mkdtemp(join(tmpdir(), "optional-modules-"));
  const loads = join(directory, "loads");
  return {
    directory,
    options: { node: ["--import", RECORDER], within: ["env", `LOADED_MODULES=${loads}`] },
    loads: async () => (await readFile(loads, "utf8")).split("\n"),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Returns the niceness of each thread. */
async function nicenessOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const stats = await Promise.all(threads.map((id) => readFile(`/proc/${pid}/task/${id}/stat`, "utf8")));
  return stats.map((text) => Number(text.replace(/^.*\) /u, "").split(" ")[NICENESS]));
}

// Each of these packages would use several MiB of memory in every idle engine, and would delay its start.
test("an engine without notifications and buckets loads no HTTP client, no SDK and no schema compiler, and starts no thread", async () => {
  await using recording = await recorded();
  const engine = await EngineProcess.start(recording.directory, {}, recording.options);
  using _ends = { [Symbol.dispose]: () => engine.kill() };
  using session = await engine.login();
  await session.command("NOOP", 200);
  const loaded = await recording.loads();
  assert.ok(loaded.some((line) => line.endsWith("/src/engine/notifications/notifications.ts")));
  assert.deepEqual(
    loaded.filter((line) => OPTIONAL.test(line) || line.includes("sink-worker")),
    [],
  );
});

test("an engine with notifications sends events from one thread with a low priority", async () => {
  await using recording = await recorded();
  await using receiver = await EventReceiver.start();
  const root = await mkdtemp(join(recording.directory, "files-"));
  const engine = await EngineProcess.start(
    recording.directory,
    { storage: { root }, notifications: notificationsTo(receiver.url, root) },
    recording.options,
  );
  using _ends = { [Symbol.dispose]: () => engine.kill() };
  const client = await loggedIn(engine);
  assert.equal(await client.upload("STOR file", "content"), 226);
  await waitUntil("the events have arrived", TIMEOUT, () => assert.equal(receiver.events.length, 2));
  const loaded = (await recording.loads()).filter((line) => OPTIONAL.test(line));
  assert.ok(loaded.length > 0);
  assert.deepEqual(
    loaded.filter((line) => line.startsWith("main")),
    [],
  );
  const lowered = (await nicenessOf(engine.pid)).filter((niceness) => niceness === THREAD_NICENESS);
  assert.equal(lowered.length, 1);
});
