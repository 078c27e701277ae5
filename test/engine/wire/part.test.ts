import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { openTree } from "../../support/engine/open-tree.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, type TestServer } from "../../support/engine/server.ts";

async function loggedIn({ engine, memory }: TestServer): Promise<ControlClient> {
  memory.put("/f", "0123456789");
  const client = await (await ControlClient.overTcp(engine)).login();
  await client.command("TYPE I");
  return client;
}

// id: rest-stream
test("REST applies to the next transfer only, regardless of the commands in between", async () => {
  await using world = await startServer();
  const client = await loggedIn(world);
  await client.command("REST 4");
  assert.equal((await client.download("RETR /f")).bytes.toString(), "456789", "EPSV may come between");
  assert.equal((await client.download("RETR /f")).bytes.toString(), "0123456789");
  await client.command("REST 4");
  await client.command("PWD");
  assert.equal((await client.download("LIST /f")).code, 226);
  assert.equal((await client.download("RETR /f")).bytes.toString(), "456789");
  await client.command("REST 11");
  assert.equal((await client.download("RETR /f")).code, 554);
  await client.command("REST 10");
  assert.deepEqual(await client.download("RETR /f"), { code: 226, bytes: Buffer.alloc(0) });
});

test("a restart position after the end of the file gets 554 from every command that uses it", async () => {
  const directory = await mkdtemp(join(tmpdir(), "ftp-part-"));
  const tree = await openTree(directory, () => ({ incomplete: "Keep", sync: "Never" }));
  await using world = await startServer({ storage: await tree.openHome("/home") });
  await writeFile(join(directory, "home/f"), "0123456789");
  const client = await (await ControlClient.overTcp(world.engine)).login();
  await client.command("TYPE I");
  for (const line of ["RETR f", "STOR f", "HASH f"]) {
    await client.command("EPSV");
    await client.command("REST 11");
    assert.deepEqual(
      (await client.command(line)).lines,
      ["554 Restart position is after the end of the file (10 bytes)."],
      line,
    );
  }
  await tree.close();
  await rm(directory, { recursive: true });
});

describe("RANG", () => {
  for (const [range, expected] of [
    ["0 0", "0"],
    ["3 5", "345"],
    ["8 9", "89"],
    ["8 1000", "89"],
    ["10 12", ""],
    ["1 0", "0123456789"],
  ] as const) {
    // id: rang
    test(`${range} makes RETR send ${JSON.stringify(expected)}`, async () => {
      await using world = await startServer();
      const client = await loggedIn(world);
      assert.equal(await client.code(`RANG ${range}`), 350);
      assert.deepEqual(await client.download("RETR /f"), { code: 226, bytes: Buffer.from(expected) });
      assert.equal(
        (await client.download("RETR /f")).bytes.toString(),
        "0123456789",
        "for one transfer only",
      );
    });
  }

  for (const argument of ["5 4", "1", "1 2 3", "a b", "-1 2", "0 99999999999999999", "2 1"]) {
    test(`${argument} is rejected`, async () => {
      await using world = await startServer();
      const client = await loggedIn(world);
      assert.deepEqual((await client.command(`RANG ${argument}`)).lines, [
        "501 Invalid range; send the first and the last byte.",
      ]);
    });
  }

  test("replaces an earlier REST and is replaced by a later REST", async () => {
    await using world = await startServer();
    const client = await loggedIn(world);
    for (const [first, second, expected] of [
      ["REST 2", "RANG 3 4", "34"],
      ["RANG 3 4", "REST 2", "23456789"],
      ["REST 2", "RANG 1 0", "0123456789"],
      ["RANG 3 4", "NOOP", "34"],
    ] as const) {
      await client.command(first);
      await client.command(second);
      assert.equal((await client.download("RETR /f")).bytes.toString(), expected, `${first}, ${second}`);
    }
  });

  test("makes uploads, downloads in TYPE A and downloads after the end of the file fail with 554", async () => {
    await using world = await startServer();
    const client = await loggedIn(world);
    await client.command("EPSV");
    for (const line of ["STOR /f", "APPE /f", "STOU"]) {
      await client.command("RANG 3 4");
      assert.equal(await client.code(line), 554, line);
    }
    assert.equal(world.memory.text("/f"), "0123456789");
    await client.command("RANG 11 12");
    assert.equal((await client.download("RETR /f")).code, 554);
    await client.command("TYPE A");
    await client.command("RANG 0 3");
    assert.equal((await client.download("RETR /f")).code, 554);
  });
});
