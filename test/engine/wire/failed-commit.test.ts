/** Tests complete uploads that the engine cannot rename to their final name. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { EngineError } from "../../../src/engine/errors.ts";
import { openTree } from "../../support/engine/open-tree.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, testConfig } from "../../support/engine/server.ts";

describe("an upload that cannot be published", () => {
  test("is aborted once, and the session continues", async () => {
    await using world = await startServer();
    const ended: string[] = [];
    world.memory.openUpload = async () => ({
      write: async () => {},
      commit: async () => {
        ended.push("committed");
        throw new EngineError("NoSpace", "No space left");
      },
      abort: async () => void ended.push("aborted"),
    });
    const client = await (await ControlClient.overTcp(world.engine)).login();
    assert.equal(await client.upload("STOR f", "text"), 452);
    assert.deepEqual(ended, ["committed"]);
    assert.equal(await client.code("NOOP"), 200);
  });

  test("closes its descriptors and leaves no temporary file", async () => {
    const root = await mkdtemp(join(tmpdir(), "failed-commit-"));
    const tree = await openTree(root, () => testConfig().uploads);
    const home = await tree.openHome("/alice");
    await using world = await startServer({ storage: home });
    const client = await (await ControlClient.overTcp(world.engine)).login();
    const descriptors = async (): Promise<number> => (await readdir("/proc/self/fd")).length;
    const before = await descriptors();
    const data = await client.passive();
    assert.equal(await client.code("STOR f"), 150);
    await mkdir(join(root, "alice", "f"));
    data.end("text");
    assert.deepEqual((await client.reply())?.lines, ["550 Is a directory."]);
    assert.deepEqual(await readdir(join(root, "alice")), ["f"]);
    while ((await descriptors()) > before) await new Promise(setImmediate);
    await tree.close();
    await rm(root, { recursive: true });
  });
});
