import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { DirectoryTree } from "../../../src/engine/storage/directory-tree.ts";
import { isPartial } from "../../../src/engine/storage/partial.ts";
import { ControlClient } from "./control-client.ts";
import { startServer, testUser, type TestServer } from "./server.ts";

/** Of a process that is started without a thought about it; what the tests run under may be another. */
const PROCESS_MASK = 0o022;

describe("SITE UMASK", () => {
  let directory: string;
  let tree: DirectoryTree;
  let server: TestServer;
  let client: ControlClient;
  let old: number;
  let homes = 0;

  before(async () => {
    old = process.umask(PROCESS_MASK);
    directory = await mkdtemp(join(tmpdir(), "ftp-umask-"));
    tree = await DirectoryTree.open(directory, () => ({ incomplete: "Keep", sync: "Never" }));
    server = await startServer({
      openHome: ({ homeDirectory, name }) => tree.openHome(homeDirectory, { account: name }),
    });
  });
  after(async () => {
    process.umask(old);
    await server.server.close();
    await tree.close();
    await rm(directory, { recursive: true });
  });

  beforeEach(async () => {
    homes += 1;
    const quota = { bytes: 1_000_000 };
    server.authenticator.users = [testUser("alice", { homeDirectory: `/home${homes}`, quota })];
    client = await login();
  });

  async function login(): Promise<ControlClient> {
    const session = await (await ControlClient.overTcp(server.server)).login();
    await session.command("TYPE I");
    return session;
  }

  const at = (name: string): string => join(directory, `home${homes}`, name);

  async function modeOf(name: string): Promise<string> {
    return ((await stat(at(name))).mode & 0o777).toString(8);
  }

  /** The modes of a file and a directory that are made now. */
  async function made(by: ControlClient, name: string): Promise<string[]> {
    assert.equal(await by.upload(`STOR ${name}`, "content"), 226);
    assert.equal(await by.code(`MKD ${name}.d`), 257);
    return [await modeOf(name), await modeOf(`${name}.d`)];
  }

  test("holds for what the session makes, whatever the process's own", async () => {
    assert.deepEqual((await client.command("SITE UMASK")).lines, ["200 Umask is 027"]);
    assert.deepEqual(await made(client, "usual"), ["640", "750"]);
    for (const [mask, file, made_] of [
      ["000", "666", "777"],
      ["2", "664", "775"],
      ["022", "644", "755"],
      ["0077", "600", "700"],
      ["1022", "644", "755"],
      ["07077", "600", "700"],
    ] as const) {
      const shown = (Number.parseInt(mask, 8) & 0o777).toString(8).padStart(3, "0");
      assert.deepEqual((await client.command(`SITE UMASK ${mask}`)).lines, [`200 Umask is now ${shown}`]);
      assert.deepEqual((await client.command("SITE UMASK")).lines, [`200 Umask is ${shown}`]);
      assert.deepEqual(await made(client, `with${mask}`), [file, made_]);
    }
    assert.deepEqual(await made(await login(), "other"), ["640", "750"], "another session has its own");
    await client.command("REIN");
    await client.command("USER alice");
    await client.command("PASS secret");
    assert.deepEqual((await client.command("SITE UMASK")).lines, ["200 Umask is 027"]);
    assert.deepEqual(await made(client, "again"), ["640", "750"]);
  });

  test("holds for files that STOU and APPE make, and for no file that is there", async () => {
    await writeFile(at("there"), "there", { mode: 0o640 });
    await client.command("SITE UMASK 007");
    for (const line of ["STOR there", "APPE there"]) {
      assert.equal(await client.upload(line, "new"), 226);
      assert.equal(await modeOf("there"), "640", line);
    }
    assert.equal(await client.upload("APPE log", "new"), 226);
    assert.equal(await modeOf("log"), "660");
    const data = await client.passive();
    const [, name = ""] = /FILE: (.+)/u.exec((await client.command("STOU")).lines[0] ?? "") ?? [];
    data.end("new");
    assert.equal((await client.reply())?.code, 226);
    assert.equal(await modeOf(name), "660");
  });

  test("holds for an upload that breaks, from its first byte, and for what is made of it", async () => {
    await client.command("SITE UMASK 077");
    const data = await client.passive();
    assert.equal(await client.code("STOR f"), 150);
    data.write("half");
    while (!(await client.command("STAT")).lines.join().includes("4 bytes"));
    data.resetAndDestroy();
    assert.equal((await client.reply())?.code, 426);
    const partial = (await readdir(at("."))).find(isPartial);
    assert.equal(await modeOf(partial ?? ""), "600");
    const other = await login();
    await other.command("SITE UMASK 027");
    await other.command("REST 4");
    assert.equal(await other.upload("STOR f", "rest"), 226);
    assert.equal(await modeOf("f"), "640", "the mask of who ends it");
  });

  for (const mask of ["8", "0888", "00000022", "-1", "u=rwx", "22 x"])
    test(`${mask} is none`, async () => {
      assert.deepEqual((await client.command(`SITE UMASK ${mask}`)).lines, [
        "501 Syntax: SITE UMASK [<octal mask>]",
      ]);
      assert.deepEqual(await made(client, "f"), ["640", "750"]);
    });
});
