import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EngineProcess } from "../support/engine/engine-process.ts";

/** Packages that only some configurations use. */
const OPTIONAL = /\/node_modules\/(undici|cloudevents|@aws-sdk|@smithy)\//u;
const RECORDER = join(import.meta.dirname, "../support/engine/record-loads.ts");

// Each of these packages costs every idle engine several MiB of memory.
test("an engine without notifications and buckets loads no HTTP client and no SDK", async (context) => {
  const directory = await mkdtemp(join(tmpdir(), "optional-modules-"));
  context.after(() => rm(directory, { recursive: true, force: true }));
  const loads = join(directory, "loads");
  const within = ["env", `LOADED_MODULES=${loads}`];
  const engine = await EngineProcess.start(directory, {}, { node: ["--import", RECORDER], within });
  using _ends = { [Symbol.dispose]: () => engine.kill() };
  using session = await engine.login();
  await session.command("NOOP", 200);
  const loaded = (await readFile(loads, "utf8")).split("\n");
  assert.ok(loaded.some((url) => url.endsWith("/src/engine/notifications/notifications.ts")));
  assert.deepEqual(
    loaded.filter((url) => OPTIONAL.test(url)),
    [],
  );
});
