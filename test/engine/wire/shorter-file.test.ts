/** Tests files that become shorter during a download. */
import assert from "node:assert/strict";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import { openTree } from "../../support/engine/open-tree.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, testConfig, type TestServer } from "../../support/engine/server.ts";

const SHORTER = "426 The file became shorter during the transfer.";

/**
 * Returns a session in an engine with a file `f`. When the engine opens `f`, the file has the size `size`, but reads
 * return only 10 bytes.
 */
async function loggedIn({ engine, memory }: TestServer, size: number): Promise<ControlClient> {
  memory.put("/f", "0123456789");
  const entry = { ...(await memory.stat("/f")), size };
  const openRead = memory.openRead.bind(memory);
  memory.openRead = async (path) => ({ ...(await openRead(path)), entry });
  return await (await ControlClient.overTcp(engine)).login();
}

/** Sends the commands, downloads `f` and returns the last reply. */
async function retrieve(client: ControlClient, ...commands: string[]): Promise<string | undefined> {
  for (const command of ["TYPE I", ...commands]) await client.command(command);
  const data = await client.passive();
  assert.equal(await client.code("RETR f"), 150);
  data.on("error", () => {});
  await buffer(data).catch(() => undefined);
  return (await client.reply())?.lines.at(-1);
}

describe("RETR of a file that becomes shorter", () => {
  for (const commands of [[], ["TYPE A"], ["MODE Z"], ["TYPE A", "MODE Z"], ["REST 5"], ["RANG 5 10"]]) {
    test(`fails because fewer bytes are sent than announced, after ${commands.join(", ") || "TYPE I"}`, async () => {
      await using world = await startServer();
      assert.equal(await retrieve(await loggedIn(world, 11), ...commands), SHORTER);
    });
  }

  test("sends a part that still exists", async () => {
    await using world = await startServer();
    assert.equal(await retrieve(await loggedIn(world, 11), "RANG 5 9"), "226 Transfer complete.");
  });

  test("sends the original bytes of a file that became longer", async () => {
    await using world = await startServer();
    assert.equal(await retrieve(await loggedIn(world, 9)), "226 Transfer complete.");
  });

  test("sends the bytes that were appended after the file was opened", async () => {
    await using world = await startServer();
    const client = await loggedIn(world, 9);
    await client.command("TYPE I");
    const data = await client.passive();
    assert.equal(await client.code("RETR f"), 150);
    assert.equal((await buffer(data)).toString(), "0123456789");
    assert.deepEqual((await client.reply())?.lines, ["226 Transfer complete."]);
  });

  test("fails on a volume, where the kernel sends the file", async () => {
    const root = await mkdtemp(join(tmpdir(), "shorter-file-"));
    const tree = await openTree(root, () => testConfig().uploads);
    await writeFile(join(root, "f"), Buffer.alloc(40_000_000));
    await using world = await startServer({ storage: await tree.openHome("/") });
    const client = await (await ControlClient.overTcp(world.engine)).login();
    await client.command("TYPE I");
    const data = await client.passive();
    data.on("error", () => {}).pause();
    assert.equal(await client.code("RETR f"), 150);
    await truncate(join(root, "f"), 20_000_000);
    await buffer(data).catch(() => undefined);
    assert.deepEqual((await client.reply())?.lines, [SHORTER]);
    await tree.close();
    await rm(root, { recursive: true });
  });
});
