import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isAlive, processId } from "../cluster/processes.ts";
import { waitUntil } from "../cluster/wait.ts";

test("an engine process ends with its parent process", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "engine-process-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const module = join(import.meta.dirname, "../support/engine/engine-process.ts");
  const script = `import { EngineProcess } from ${JSON.stringify(module)};
    const engine = await EngineProcess.start(${JSON.stringify(directory)});
    console.log(engine.pid); setInterval(() => {}, 1000);`;
  const starter = spawn(process.execPath, ["--input-type=module-typescript", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [pid]: Buffer[] = await once(starter.stdout, "data");
  const engine = processId(Number(pid));
  assert.ok(engine);
  // Like a crash, SIGKILL leaves no time for cleanup.
  starter.kill("SIGKILL");
  await waitUntil("the engine has ended", 60_000, () => assert.equal(isAlive(engine), false));
});
