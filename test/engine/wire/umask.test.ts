import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import type { DirectoryTree } from "../../../src/engine/storage/local/directory-tree.ts";
import { openTree } from "../../support/engine/open-tree.ts";
import { isPartial } from "../../../src/engine/storage/local/uploads/partials.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, testUser, type TestServer } from "../../support/engine/server.ts";

/** The umask that the engine sets for its process in src/engine/main.ts. */
const PROCESS_MASK = 0;

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
    tree = await openTree(directory, () => ({ incomplete: "Keep", sync: "Never" }));
    server = await startServer({
      openHome: ({ homeDirectory, name, modes }, ledger) =>
        tree.openHome(homeDirectory, { account: name, modes: () => modes, ledger }),
    });
  });
  after(async () => {
    process.umask(old);
    await server.engine.close();
    await tree.close();
    await rm(directory, { recursive: true });
  });

  beforeEach(async () => {
    homes += 1;
    const quota = { bytes: 1_000_000 };
    const files = { fileMode: "0664", directoryMode: "2775" };
    server.authenticator.users = [
      testUser("alice", { homeDirectory: `/home${homes}`, quota }),
      testUser("shared", { homeDirectory: `/home${homes}`, files }),
    ];
    client = await login();
  });

  async function login(user = "alice"): Promise<ControlClient> {
    const session = await (await ControlClient.overTcp(server.engine)).login(user);
    await session.command("TYPE I");
    return session;
  }

  const at = (name: string): string => join(directory, `home${homes}`, name);

  async function modeOf(name: string): Promise<string> {
    return ((await stat(at(name))).mode & 0o777).toString(8);
  }

  /** Creates a file and a directory. @returns the modes of the file and of the directory */
  async function made(by: ControlClient, name: string): Promise<string[]> {
    assert.equal(await by.upload(`STOR ${name}`, "content"), 226);
    assert.equal(await by.code(`MKD ${name}.d`), 257);
    return [await modeOf(name), await modeOf(`${name}.d`)];
  }

  const umask = async (argument = ""): Promise<string> =>
    (await client.command(`SITE UMASK${argument}`)).lines.join("");

  test("removes bits from the configured modes and adds none", async () => {
    const usual = "200 Current umask is 027 (files 0640, directories 0750).";
    assert.equal(await umask(), usual);
    assert.deepEqual(await made(client, "usual"), ["640", "750"]);
    for (const [mask, file, made_] of [
      ["000", "640", "750"],
      ["2", "640", "750"],
      ["037", "640", "740"],
      ["0077", "600", "700"],
      ["1026", "640", "750"],
      ["07777", "600", "700"],
    ] as const) {
      const shown = (Number.parseInt(mask, 8) & 0o777).toString(8).padStart(3, "0");
      const described = `${shown} (files 0${file}, directories 0${made_})`;
      assert.equal(await umask(` ${mask}`), `200 Umask set to ${described}.`);
      assert.equal(await umask(), `200 Current umask is ${described}.`);
      assert.deepEqual(await made(client, `with${mask}`), [file, made_]);
    }
    assert.deepEqual(await made(await login(), "other"), ["640", "750"], "another session has its own");
    await client.command("REIN");
    await client.command("USER alice");
    await client.command("PASS secret");
    assert.equal(await umask(), usual);
    assert.deepEqual(await made(client, "again"), ["640", "750"]);
  });

  test("applies to the modes of the user", async () => {
    client = await login("shared");
    assert.equal(await umask(), "200 Current umask is 002 (files 0664, directories 2775).");
    assert.deepEqual(await made(client, "own"), ["664", "775"]);
    assert.equal(await umask(" 027"), "200 Umask set to 027 (files 0640, directories 2750).");
    assert.deepEqual(await made(client, "masked"), ["640", "750"]);
    assert.equal((await stat(at("masked.d"))).mode & 0o7000, 0o2000, "setgid");
  });

  test("applies to files that STOU and APPE create, and not to existing files", async () => {
    await writeFile(at("there"), "there", { mode: 0o640 });
    await client.command("SITE UMASK 077");
    for (const line of ["STOR there", "APPE there"]) {
      assert.equal(await client.upload(line, "new"), 226);
      assert.equal(await modeOf("there"), "640", line);
    }
    assert.equal(await client.upload("APPE log", "new"), 226);
    assert.equal(await modeOf("log"), "600");
    const data = await client.passive();
    const [, name = ""] = /FILE: (.+)/u.exec((await client.command("STOU")).lines[0] ?? "") ?? [];
    data.end("new");
    assert.equal((await client.reply())?.code, 226);
    assert.equal(await modeOf(name), "600");
  });

  test("applies to an incomplete upload from its first byte, and to the file that it becomes", async () => {
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
    test(`rejects ${mask}`, async () => {
      assert.deepEqual((await client.command(`SITE UMASK ${mask}`)).lines, [
        "501 Syntax: SITE UMASK [<octal mask>]",
      ]);
      assert.deepEqual(await made(client, "f"), ["640", "750"]);
    });
});
