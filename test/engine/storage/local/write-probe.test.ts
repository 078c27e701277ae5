import assert from "node:assert/strict";
import { pbkdf2 } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { StorageReport } from "../../../../src/api/engine-report.ts";
import { WriteProbe } from "../../../../src/engine/storage/local/write-probe.ts";
import { waitUntil } from "../../../cluster/wait.ts";

/** Threads of Node.js that make file calls (UV_THREADPOOL_SIZE). */
const THREADS = Number(process.env["UV_THREADPOOL_SIZE"] ?? 4);
/** Of pbkdf2, which keeps a thread for about a second. */
const ITERATIONS = 1_500_000;

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), "write-probe-"));
});
after(() => rm(root, { recursive: true, force: true }));

/** Keeps every thread busy, as a volume does that does not answer. Resolves when they are free. */
async function occupyThreads(): Promise<void> {
  const busy = (): Promise<void> =>
    new Promise((resolve) => pbkdf2("", "", ITERATIONS, 64, "sha512", () => resolve()));
  await Promise.all(Array.from({ length: THREADS }, busy));
}

test("the write probe reports a volume that does not respond, and its recovery", async (t) => {
  const states: string[] = [];
  const onChange = ({ state }: StorageReport): void => void states.push(state);
  const times = { period: 10, retry: 10, timeout: 200 };
  const watched = await WriteProbe.start({ root, homes: () => ["/"], onChange, times });
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

test("the write probe checks immediately when it is woken, with the current accounts", async () => {
  let homes: string[] | undefined;
  const times = { period: 3_600_000, retry: 3_600_000 };
  const probe = await WriteProbe.start({ root, homes: () => homes, onChange: () => undefined, times });
  assert.equal(probe.report.state, "NotNeeded");
  homes = ["/"];
  probe.wake();
  await waitUntil("the check after the change", 30_000, () => assert.equal(probe.report.state, "Writable"));
  probe.close();
});
