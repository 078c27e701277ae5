import assert from "node:assert/strict";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EngineError } from "../../../src/engine/errors.ts";
import { watchConfig } from "../../../src/engine/config/watch.ts";
import { waitUntil } from "../../cluster/wait.ts";
import { testConfig } from "../../support/engine/server.ts";

test("a configuration that failed to apply is retried with the next write, and the previous one can be applied again", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "watch-config-"));
  const watching = new AbortController();
  t.after(() => {
    watching.abort();
    return rm(directory, { recursive: true });
  });
  const file = join(directory, "config.json");
  const put = async (generation: string): Promise<void> => {
    await writeFile(`${file}.new`, JSON.stringify(testConfig({ generation, users: [] })));
    await rename(`${file}.new`, file);
  };
  const seen: string[] = [];
  const listener = {
    async onChange({ generation }: { generation: string }): Promise<void> {
      seen.push(generation);
      if (generation === "bad") throw new EngineError("InvalidConfig", "no");
    },
    onInvalid: (message: string): void => void seen.push(message),
  };
  /**
   * Waits until the listener has been called with the generation at least `times` times. A check that runs during a
   * write can report the same generation twice.
   */
  const sees = (generation: string, times: number): Promise<void> =>
    waitUntil(`${generation} is seen`, 60_000, () =>
      assert.ok(seen.filter((each) => each === generation).length >= times, seen.join()),
    );
  await put("good");
  watchConfig(file, testConfig({ generation: "good", users: [] }), listener, watching.signal);
  await put("bad");
  await sees("bad", 1);
  const before = seen.filter((each) => each === "bad").length;
  await put("bad");
  await sees("bad", before + 1);
  await put("good");
  await sees("good", 1);
  assert.ok(seen.includes("no"));
});
