import assert from "node:assert/strict";
import { access, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { type EngineDirectory, type Permission, PERMISSIONS } from "../../../src/api/engine-config.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { type TestServer, testUser } from "../../support/engine/server.ts";
import { treeServer, type TreeServer } from "../../support/engine/tree-server.ts";

const READ_ONLY: Permission[] = ["List", "Read"];
const DENIED = 550;

/** Equivalent paths to one directory. */
const SPELLINGS = ["/outbox", "outbox", "//outbox/", "./outbox/.", "outbox/../outbox", "/work/../outbox"];

describe("users[].directories", () => {
  let world: TreeServer;
  let server: TestServer;
  const home = (...names: string[]): string => join(world.root, "alice", ...names);

  before(async () => {
    world = await treeServer();
    server = world.server;
  });
  after(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    await rm(home(), { recursive: true, force: true });
    for (const name of ["outbox", "outbox2", "inbox", "work", "a/b/kept", "a/free"])
      await mkdir(home(name), { recursive: true });
    for (const name of ["outbox/file", "outbox2/file", "inbox/file", "work/file", "a/b/kept/file"])
      await writeFile(home(name), "0123456789");
  });

  async function login(
    directories: EngineDirectory[],
    permissions: Permission[] = [...PERMISSIONS],
  ): Promise<ControlClient> {
    server.authenticator.users = [testUser("alice", { homeDirectory: "/alice", permissions, directories })];
    const client = await (await ControlClient.overTcp(server.engine)).login();
    await client.command("TYPE I");
    return client;
  }

  /** Sends RNFR and RNTO. @returns the last reply code */
  async function rename(client: ControlClient, from: string, to: string): Promise<number> {
    const first = await client.code(`RNFR ${from}`);
    return first === 350 ? await client.code(`RNTO ${to}`) : first;
  }

  // id: directory-permissions
  test("a read-only directory in a writable home rejects changes with every form of its path", async () => {
    const client = await login([{ path: "/outbox", permissions: READ_ONLY }]);
    for (const spelling of SPELLINGS) {
      for (const line of [
        `DELE ${spelling}/file`,
        `MKD ${spelling}/new`,
        `RMD ${spelling}`,
        `RNFR ${spelling}/file`,
        `SITE CHMOD 600 ${spelling}/file`,
        `SITE CHMOD 700 ${spelling}`,
        `SITE UTIME 200101010000 ${spelling}/file`,
        `MFMT 20010101000000 ${spelling}/file`,
        `MFCT 20010101000000 ${spelling}/file`,
        `MFF UNIX.mode=0600; ${spelling}/file`,
      ])
        assert.equal(await client.code(line), DENIED, line);
      for (const line of [`STOR ${spelling}/new`, `APPE ${spelling}/file`, `STOU ${spelling}/x`])
        assert.equal(await client.upload(line, "x"), DENIED, line);
      await client.command("SITE CPFR work/file");
      assert.equal(await client.code(`SITE CPTO ${spelling}/copy`), DENIED, spelling);
      assert.equal(await rename(client, "work/file", `${spelling}/file`), DENIED, spelling);
      const { code, bytes } = await client.download(`RETR ${spelling}/file`);
      assert.deepEqual([code, bytes.toString()], [226, "0123456789"], spelling);
    }
    assert.equal(await client.code("MDTM 20010101000000 /outbox/file"), DENIED);
    assert.deepEqual(await readdir(home("outbox")), ["file"]);
    assert.equal(await client.upload("STOR outbox2/new", "x"), 226, "a longer name is another directory");
    assert.equal(await client.upload("STOR work/new", "x"), 226);
  });

  // id: write-only-directory
  test("a write-only directory accepts uploads and hides its files", async () => {
    const client = await login([{ path: "/inbox", permissions: ["Write"] }]);
    for (const line of [
      "LIST inbox",
      "LIST inbox/file",
      "LIST inbox/*",
      "NLST inbox",
      "NLST inbox/f*",
      "MLSD inbox",
      "RETR inbox/file",
    ]) {
      await client.command("EPSV");
      assert.equal(await client.code(line), DENIED, line);
    }
    for (const line of [
      "STAT inbox",
      "STAT inbox/file",
      "MLST inbox/file",
      "SIZE inbox/file",
      "MDTM inbox/file",
      "HASH inbox/file",
      "XMD5 inbox/file",
      'XCRC "inbox/file" 0 1',
      "SITE CPFR inbox/file",
      "RNFR inbox/file",
      "DELE inbox/file",
    ])
      assert.equal(await client.code(line), DENIED, line);
    const [present, absent] = [
      await client.command("CWD inbox/file"),
      await client.command("CWD inbox/none"),
    ];
    assert.deepEqual(present.lines, absent.lines, "CWD does not distinguish files from missing names");
    assert.equal(await client.code("CWD inbox"), 250);
    assert.equal(await client.upload("STOR new", "x"), 226);
    assert.equal(await client.upload("APPE new", "x"), DENIED);
    assert.equal(await readFile(home("inbox", "new"), "utf8"), "x");
  });

  // id: directory-permission-evasion
  test("a directory with its own permissions, and those above it, cannot be moved, removed or replaced", async () => {
    // The user has all permissions in the directory. Only the rule for directories with separate permissions can reject
    // the commands.
    const client = await login([{ path: "/a/b/kept", permissions: [...PERMISSIONS] }]);
    await rm(home("a/b/kept"), { recursive: true });
    for (const path of ["a", "a/b", "/a/b/kept"]) {
      assert.equal(await rename(client, path, "elsewhere"), DENIED, path);
      assert.equal(await client.code(`RMD ${path}`), DENIED, path);
      assert.equal(await rename(client, "work", path), DENIED, path);
      assert.equal(await rename(client, "work/file", path), DENIED, path);
      assert.equal(await client.upload(`STOR ${path}`, "x"), DENIED, path);
      assert.equal(await client.code(`SITE CHMOD 000 ${path}`), DENIED, path);
    }
    assert.equal(await rename(client, "a/free", "elsewhere"), 250, "a sibling can be moved");
    assert.equal(await client.code("MKD a/b/kept"), 257, "it can be made where MakeDirectory is allowed");
  });

  // id: directory-permission-evasion-2
  test("a move between directories with different permissions requires the permissions of a copy and a removal", async () => {
    const rules = (permissions: Permission[]): EngineDirectory[] => [{ path: "/inbox", permissions }];
    const blind = await login(rules(["Write", "Rename"]));
    assert.equal(await rename(blind, "inbox/file", "inbox/renamed"), 250, "within the directory");
    assert.equal(await rename(blind, "inbox/renamed", "stolen"), DENIED, "without Read and Delete");
    assert.equal(await rename(blind, "work/file", "inbox/given"), 250, "into the directory");
    const reader = await login(rules(["List", "Read", "Rename", "Write"]));
    assert.equal(await rename(reader, "inbox/given", "taken"), DENIED, "without Delete");
    const mover = await login(rules(["Read", "Delete", "Rename"]));
    assert.equal(await rename(mover, "inbox/given", "taken"), 250);
    assert.equal(await rename(mover, "taken", "inbox/given"), DENIED, "without Write");
    const uploader = await login(rules(["Write", "Rename"]));
    assert.equal(await rename(uploader, "work", "inbox/work"), DENIED, "a directory without MakeDirectory");
    const maker = await login(rules(["Write", "Rename", "MakeDirectory"]));
    assert.equal(await rename(maker, "work", "inbox/work"), 250);
  });

  test("a move of a directory with different permissions also requires List and the permissions for directories", async () => {
    await mkdir(home("outbox/sub"));
    await writeFile(home("outbox/sub/unlisted"), "x");
    const from: Permission[] = ["List", "Read", "Delete", "Rename", "RemoveDirectory"];
    const into: Permission[] = ["Write", "Rename", "MakeDirectory"];
    const rules = (outbox: Permission[], inbox: Permission[]): EngineDirectory[] => [
      { path: "/outbox", permissions: outbox },
      { path: "/inbox", permissions: inbox },
    ];
    for (const missing of ["List", "RemoveDirectory", "MakeDirectory"] as const) {
      const without = (some: Permission[]): Permission[] => some.filter((one) => one !== missing);
      const client = await login(rules(without(from), without(into)));
      assert.equal(await rename(client, "outbox/sub", "inbox/sub"), DENIED, missing);
    }
    const client = await login(rules(from, into));
    assert.equal(await rename(client, "outbox/none", "inbox/sub"), DENIED);
    assert.equal(await rename(client, "outbox/sub", "inbox/sub"), 250);
    assert.deepEqual(await readdir(home("inbox/sub")), ["unlisted"]);
  });

  test("a directory without permissions does not distinguish files from missing names", async () => {
    const client = await login([{ path: "/inbox", permissions: [] }]);
    for (const line of ["CWD inbox/NAME", "CWD inbox/NAME/x", "AVBL inbox/NAME", "AVBL inbox/NAME/x"]) {
      const [present, absent] = [
        await client.command(line.replace("NAME", "file")),
        await client.command(line.replace("NAME", "none")),
      ];
      assert.deepEqual(present.lines, absent.lines, line);
    }
    assert.equal(await client.code("AVBL inbox"), 213);
    assert.deepEqual((await client.command("CWD work/file")).lines, ["550 Not a directory."]);
  });

  test("directories with their own permissions are created at login", async () => {
    await writeFile(home("taken"), "a file");
    const paths = ["/new/deep", "/taken", "/taken/below"];
    const client = await login(paths.map((path) => ({ path, permissions: ["List", "Write"] })));
    assert.equal(await client.upload("STOR new/deep/x", "x"), 226);
    assert.equal(await client.code("CWD taken"), DENIED);
  });

  test("the rule with the longest path applies", async () => {
    const client = await login(
      [
        { path: "/a", permissions: READ_ONLY },
        { path: "/a/b", permissions: [...PERMISSIONS] },
        { path: "/a/b/kept", permissions: ["Read"] },
      ],
      ["List"],
    );
    assert.equal(await client.upload("STOR x", "x"), DENIED);
    assert.equal(await client.upload("STOR a/x", "x"), DENIED);
    assert.equal(await client.upload("STOR a/b/x", "x"), 226);
    assert.equal(await client.upload("STOR a/b/kept/x", "x"), DENIED);
    assert.equal((await client.download("RETR a/b/kept/file")).code, 226);
    assert.equal((await client.download("RETR work/file")).code, DENIED);
  });

  // id: directory-permission-evasion-3
  test("a symbolic link to a directory gives no access to it", async () => {
    await symlink("../outbox", home("work/link"));
    await symlink("../outbox/file", home("work/file-link"));
    const client = await login([{ path: "/outbox", permissions: [] }]);
    assert.equal(await client.code("CWD work/link"), DENIED);
    assert.equal(await client.upload("STOR work/link/new", "x"), DENIED);
    assert.equal((await client.download("RETR work/link/file")).code, DENIED);
    assert.equal((await client.download("RETR work/file-link")).code, DENIED);
    assert.equal(await client.upload("APPE work/file-link", "x"), DENIED);
    assert.deepEqual(await readdir(home("outbox")), ["file"]);
    assert.equal(await readFile(home("outbox/file"), "utf8"), "0123456789");
  });

  test("perm facts show the permissions of each path", async () => {
    const client = await login([
      { path: "/outbox", permissions: READ_ONLY },
      { path: "/a/b/kept", permissions: [] },
    ]);
    await client.command("OPTS MLST perm;");
    const facts = async (line: string): Promise<string[]> =>
      (await client.download(line)).bytes.toString().split("\r\n").filter(Boolean).toSorted();
    assert.deepEqual(await facts("MLSD /"), [
      "Perm=cdeflmp; inbox",
      "Perm=cdeflmp; outbox2",
      "Perm=cdeflmp; work",
      "Perm=celmp; a",
      "Perm=el; outbox",
    ]);
    assert.deepEqual(await facts("MLSD /outbox"), ["Perm=r; file"]);
    assert.deepEqual((await client.command("MLST outbox/file")).lines[1], " Perm=r; /outbox/file");
    assert.deepEqual((await client.command("MLST a/b")).lines[1], " Perm=celmp; /a/b");
  });

  test("MFF changes nothing when one of its facts is not allowed at the path", async () => {
    const client = await login([{ path: "/inbox", permissions: ["Write"] }]);
    await writeFile(home("inbox/file"), "x", { mode: 0o640 });
    const before = (await stat(home("inbox/file"))).mode;
    const line = "MFF UNIX.mode=0600;Modify=20010101000000; inbox/file";
    assert.equal(await client.code(line), DENIED);
    assert.equal((await stat(home("inbox/file"))).mode, before);
    const { mtimeMs } = await stat(home("inbox"));
    const own = await login([{ path: "/inbox", permissions: [...PERMISSIONS] }]);
    assert.equal(await own.code("MFF Modify=20010101000000;UNIX.mode=0700; inbox"), DENIED);
    assert.equal((await stat(home("inbox"))).mtimeMs, mtimeMs, "the mode of a rule's directory stays");
  });

  test("new permissions apply to the next command of an open session", async () => {
    const client = await login([]);
    assert.equal(await client.code("RNFR outbox/file"), 350);
    const rules = [{ path: "/outbox", permissions: READ_ONLY }];
    server.authenticator.users = [testUser("alice", { homeDirectory: "/alice", directories: rules })];
    assert.equal(await client.code("RNTO work/taken"), DENIED);
    await assert.rejects(access(home("work/taken")));
  });
});
