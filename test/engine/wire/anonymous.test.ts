import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { EngineAnonymous } from "../../../src/api/engine-config.ts";
import { VirtualUsers } from "../../../src/engine/auth/virtual-users.ts";
import type { DirectoryTree } from "../../../src/engine/storage/local/directory-tree.ts";
import { openTree } from "../../support/engine/open-tree.ts";
import { run } from "../../cluster/run.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, type TestServer } from "../../support/engine/server.ts";

describe("anonymous access", () => {
  let directory: string;
  let tree: DirectoryTree;
  let server: TestServer;
  let users: VirtualUsers;
  let client: ControlClient;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-anonymous-"));
    tree = await openTree(directory, () => ({ incomplete: "Keep", sync: "Never" }));
    users = new VirtualUsers({ users: [] });
    server = await startServer({
      authenticator: users,
      openHome: ({ homeDirectory, name, changes }) =>
        tree.openHome(homeDirectory, { account: name, changes }),
    });
    await mkdir(join(directory, "pub"));
    await writeFile(join(directory, "pub", "there"), "there");
    await writeFile(join(directory, "pub", "other.partial"), "not a partial");
  });
  after(async () => {
    await server.engine.close();
    await tree.close();
    await rm(directory, { recursive: true });
  });

  async function enter(mode: EngineAnonymous["mode"]): Promise<void> {
    users.replace({ users: [], anonymous: { mode, homeDirectory: "/pub" } });
    client = await ControlClient.overTcp(server.engine);
    await client.reply();
    await client.command("USER ftp");
    assert.equal(await client.code("PASS me@example.com"), 230);
    await client.command("TYPE I");
  }

  test("gives the anonymous names the replies of unknown users when it is disabled", async () => {
    const stranger = await ControlClient.overTcp(server.engine);
    await stranger.reply();
    await stranger.command("USER anonymous");
    assert.equal(await stranger.code("PASS me@example.com"), 530);
  });

  test("permits downloads and no changes in the mode ReadOnly", async () => {
    await enter("ReadOnly");
    assert.equal((await client.download("RETR there")).bytes.toString(), "there");
    assert.equal((await client.download("NLST")).code, 226);
    for (const line of [
      "STOR new",
      "APPE there",
      "STOU",
      "DELE there",
      "MKD d",
      "RNFR there",
      "SITE CHMOD 600 there",
      "SITE CPTO new",
    ])
      assert.match((await client.command(line)).lines[0] ?? "", /^550 Permission denied: /u, line);
  });

  // id: anonymous-access
  test("permits new files and directories, and no changes of existing ones, in the mode ReadWrite", async () => {
    await enter("ReadWrite");
    assert.equal(await client.upload("STOR new", "new"), 226);
    assert.equal(await readFile(join(directory, "pub", "new"), "utf8"), "new");
    assert.equal(await client.code("MKD d"), 257);
    assert.equal(await client.upload("STOU", "x"), 226);
    assert.equal(await client.upload("STOR there", "replaced"), 550);
    assert.equal(await client.code("REST 3"), 350);
    assert.equal(await client.upload("STOR there", "resumed"), 550);
    for (const line of [
      "APPE there",
      "DELE there",
      "RMD d",
      "RNFR there",
      "SITE CHMOD 600 there",
      "MFMT 20200101000000 there",
    ])
      assert.equal(await client.code(line), 550, line);
    for (const [name, code] of [
      ["there", 550],
      ["copy", 250],
      ["copy", 550],
    ] as const) {
      assert.equal(await client.code("SITE CPFR new"), 350);
      assert.equal(await client.code(`SITE CPTO ${name}`), code, name);
    }
    assert.equal(await readFile(join(directory, "pub", "copy"), "utf8"), "new");
    assert.equal(await readFile(join(directory, "pub", "there"), "utf8"), "there");
  });

  // id: planted-partials-4
  test("discards a broken upload and rejects a second upload of one name in the mode ReadWrite", async () => {
    await enter("ReadWrite");
    const data = await client.passive();
    assert.equal(await client.code("STOR other"), 150);
    data.write("half");
    data.resetAndDestroy();
    assert.equal((await client.reply())?.code, 426);
    assert.equal(await readFile(join(directory, "pub", "other.partial"), "utf8"), "not a partial");
    assert.equal(await client.code("SIZE other"), 550);
    const slow = await client.passive();
    assert.equal(await client.code("STOR race"), 150);
    await writeFile(join(directory, "pub", "race"), "first");
    slow.end("second");
    assert.deepEqual((await client.reply())?.lines, ["550 File exists."]);
    assert.equal(await readFile(join(directory, "pub", "race"), "utf8"), "first");
    assert.ok((await readdir(join(directory, "pub"))).every((name) => !name.startsWith(".")));
  });

  test("serves curl without a user name", async () => {
    users.replace({ users: [], anonymous: { mode: "ReadOnly", homeDirectory: "/pub" } });
    const url = `ftp://127.0.0.1:${server.engine.controlPort}/there`;
    assert.equal(await run(["curl", "-sS", "--max-time", "10", url]), "there");
  });
});
