import assert from "node:assert/strict";
import { pbkdf2 } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { StorageReport } from "../../../../src/api/engine-report.ts";
import { startWriteProbe } from "../../../../src/engine/storage/local/write-probe.ts";
import { waitUntil } from "../../../cluster/wait.ts";

/** Number of threads that Node.js uses for file calls (UV_THREADPOOL_SIZE). */
const THREADS = Number(process.env["UV_THREADPOOL_SIZE"] ?? 4);
/** Number of pbkdf2 iterations that occupy a thread for about 1 second. */
const ITERATIONS = 1_500_000;

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), "write-probe-"));
});
after(() => rm(root, { recursive: true, force: true }));

/** Occupies all threads, to simulate a volume that does not respond. Resolves when the threads are free. */
async function occupyThreads(): Promise<void> {
  const busy = (): Promise<void> =>
    new Promise((resolve) => pbkdf2("", "", ITERATIONS, 64, "sha512", () => resolve()));
  await Promise.all(Array.from({ length: THREADS }, busy));
}

test("the write probe reports a volume that does not respond, and its recovery", async (t) => {
  const states: string[] = [];
  const onChange = ({ state }: StorageReport): void => void states.push(state);
  const times = { period: 10, retry: 10, timeout: 200 };
  const watched = await startWriteProbe({ root, homes: () => ["/"], onChange, times });
  await waitUntil("the first answer", 30_000, () => assert.equal(watched.report.state, "Writable"));
  states.length = 0;
  t.after(() => watched.close());
  const occupied = occupyThreads();
  await waitUntil("no answer", 30_000, () => assert.equal(watched.report.state, "NotResponding"));
  assert.equal(watched.canServe, true);
  await occupied;
  await waitUntil("an answer", 30_000, () => assert.equal(watched.report.state, "Writable"));
  assert.ok(states.includes("NotResponding") && states.includes("Writable"));
  watched.close();
  await waitUntil("the probe removes its file", 30_000, async () =>
    assert.deepEqual(await readdir(root), []),
  );
});

test("the write probe checks the homes of the current accounts immediately when it is woken", async () => {
  let homes: string[] | undefined;
  const times = { period: 3_600_000, retry: 3_600_000 };
  const probe = await startWriteProbe({ root, homes: () => homes, onChange: () => undefined, times });
  assert.equal(probe.report.state, "NotNeeded");
  homes = ["/"];
  probe.wake();
  await waitUntil("the check after the change", 30_000, () => assert.equal(probe.report.state, "Writable"));
  probe.close();
});
