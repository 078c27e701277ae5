/**
 * Tests file names that contain control characters. Only other programs can create such names. Listings replace control
 * characters with `?`, and commands accept the listed names.
 */
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { PERMISSIONS } from "../../../src/api/engine-config.ts";
import { MAX_SEARCHED } from "../../../src/engine/commands/locate.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { diskWorld, type DiskWorld } from "../../support/engine/disk-world.ts";
import { startServer, testUser } from "../../support/engine/server.ts";

describe("a name with control characters", () => {
  let world: DiskWorld;
  let client: ControlClient;

  before(async () => {
    world = await diskWorld();
    ({ client } = world);
  });
  after(() => world[Symbol.asyncDispose]());
  afterEach(async () => {
    await client.command("CWD /");
    for (const name of await readdir(world.home)) await rm(at(name), { recursive: true });
  });

  const at = (...names: string[]): string => join(world.home, ...names);
  const listed = async (line: string): Promise<string[]> =>
    (await client.download(line)).bytes.toString().split("\r\n").slice(0, -1);
  const answer = async (line: string): Promise<string> => (await client.command(line)).lines.join("\n");

  // id: control-character-names
  for (const [what, name, shown] of [
    ["a line end", "a\r\nb", "a??b"],
    ["a tab", "a\tb", "a?b"],
    ["DEL at the end", "a\u007f", "a?"],
    ["a C1 control character", "a\u0085b", "a?b"],
    ["nothing else", "\n\n", "??"],
    ["a question mark, too", "what?\u0001", "what??"],
    ["a surrogate pair", "\u{1f600}\u0002", "\u{1f600}?"],
  ] as const)
    test(`is accepted by every command in the form that listings show: ${what}`, async () => {
      await mkdir(at("in"));
      await writeFile(at("in", name), "text");
      await client.command("CWD in");
      assert.deepEqual(await listed("NLST"), [shown]);
      assert.match((await listed("MLSD")).join(), new RegExp(`; ${shown.replaceAll("?", "\\?")}$`, "u"));
      assert.equal((await client.download(`RETR ${shown}`)).bytes.toString(), "text");
      assert.equal(await answer(`SIZE ${shown}`), "213 4");
      assert.equal(await answer(`MFMT 20250102030405 ${shown}`), `213 Modify=20250102030405; /in/${shown}`);
      assert.equal(await answer(`MDTM ${shown}`), "213 20250102030405");
      assert.equal(await answer(`MDTM 20250102030406 ${shown}`), "213 20250102030406");
      assert.match(await answer(`MLST ${shown}`), /^250-Start of list:\n.*Size=4;/u);
      assert.match(await answer(`STAT ${shown}`), /^213-/u);
      assert.equal((await listed(`LIST ${shown}`)).length, 1);
      assert.equal(await answer(`SITE CHMOD 600 ${shown}`), "200 SITE CHMOD command successful.");
      assert.equal(await answer(`SITE UTIME 20250102030405 ${shown}`), "200 SITE UTIME command successful.");
      assert.match(await answer(`MFF UNIX.mode=0640; ${shown}`), /^213 UNIX\.mode=0640;/u);
      assert.match(await answer(`MFCT 20250102030405 ${shown}`), /^504 /u);
      assert.match(await answer(`HASH ${shown}`), /^213 SHA-256 0-3 /u);
      assert.equal(await answer(`XMD5 ${shown}`), "250 1CB251EC0D568DE6A929B520C4AED8D1");
      assert.equal(await answer(`XMD5 ${shown} 0 4`), "250 1CB251EC0D568DE6A929B520C4AED8D1");
      assert.match(await answer(`SITE CPFR ${shown}`), /^350 /u);
      assert.equal(await answer("SITE CPTO copy"), "250 Copy successful.");
      assert.match(await answer(`RNFR ${shown}`), /^350 /u);
      assert.equal(await answer("RNTO plain"), "250 Rename successful.");
      assert.deepEqual((await readdir(at("in"))).toSorted(), ["copy", "plain"]);
      await writeFile(at("in", name), "text");
      assert.equal(await answer(`DELE ${shown}`), "250 Delete operation successful.");
      assert.equal(await answer(`DELE ${shown}`), "550 No such file or directory.");
    });

  test("of a directory is accepted by the commands that enter, fill, rename and remove it", async () => {
    await mkdir(at("d\n1", "e\t2"), { recursive: true });
    await writeFile(at("d\n1", "e\t2", "f\u00073"), "text");
    assert.equal((await client.download("RETR /d?1/e?2/f?3")).bytes.toString(), "text");
    assert.equal(await answer("CWD d?1"), '250 Directory changed to "/d?1".');
    assert.equal(await answer("CWD e?2"), '250 Directory changed to "/d?1/e?2".');
    assert.equal(await answer("PWD"), '257 "/d?1/e?2" is the current directory');
    assert.equal(await client.upload("STOR new", "new"), 226);
    assert.equal(await client.upload("STOR /d?1/e?2/new2", "new"), 226);
    assert.equal(await answer("MKD /d?1/e?2/made"), '257 "/d?1/e?2/made" created');
    assert.deepEqual((await readdir(at("d\n1", "e\t2"))).toSorted(), ["f\u00073", "made", "new", "new2"]);
    assert.deepEqual((await listed("NLST /d?1/e?2/n*")).toSorted(), ["/d?1/e?2/new", "/d?1/e?2/new2"]);
    assert.equal((await listed("MLSD /d?1/e?2")).length, 4);
    assert.match(await answer("AVBL /d?1/e?2"), /^213 \d+$/u);
    for (const line of ["DELE new", "DELE new2", "DELE f?3", "RMD made"])
      assert.match(await answer(line), /^250 /u, line);
    assert.equal(await answer("CDUP"), '250 Directory changed to "/d?1".');
    assert.equal(await answer("RMD e?2"), "250 Remove directory operation successful.");
    await client.command("CDUP");
    assert.match(await answer("RNFR d?1"), /^350 /u);
    assert.equal(await answer("RNTO d1"), "250 Rename successful.");
    assert.deepEqual(await readdir(world.home), ["d1"]);
  });

  test("is used only when no name contains the question mark itself", async () => {
    await writeFile(at("a\nb"), "control");
    assert.equal(await client.upload("STOR a?b", "literal"), 226);
    assert.equal(await readFile(at("a\nb"), "utf8"), "control");
    assert.equal((await client.download("RETR a?b")).bytes.toString(), "literal");
    assert.equal(await answer("DELE a?b"), "250 Delete operation successful.");
    assert.equal((await client.download("RETR a?b")).bytes.toString(), "control");
  });

  // id: resume-mixes-versions-6
  test("of an incomplete upload is resumed under the name whose size SIZE returned", async () => {
    await writeFile(at("a\nb"), "0123");
    assert.equal(await answer("SIZE a?b"), "213 4");
    assert.equal(await client.upload("APPE a?b", "45"), 226);
    assert.equal(await answer("REST 5"), "350 Restart position accepted (5).");
    assert.equal(await client.upload("STOR a?b", "!"), 226);
    assert.deepEqual(await readdir(world.home), ["a\nb"]);
    assert.equal(await readFile(at("a\nb"), "utf8"), "01234!");
  });

  // id: control-character-names-2
  test("gets 550 with the reason when another name is shown in the same form", async () => {
    await writeFile(at("a\nb"), "one");
    await writeFile(at("a\tb"), "other");
    for (const line of ["DELE a?b", "SIZE a?b", "RNFR a?b", "CWD a?b", "HASH a?b"]) {
      assert.equal(
        await answer(line),
        "550 Listings show several names with control characters as a?b; rename them on the volume.",
        line,
      );
    }
    assert.equal((await readdir(world.home)).length, 2);
  });

  // id: control-character-names-3
  test("gives no access to hidden entries or to files outside the home", async () => {
    await symlink("/etc", at("l\n"));
    await mkdir(at("d"));
    for (const line of [
      "CWD l?",
      "DELE l?",
      "SIZE d/..?/x",
      "CWD ?",
      "RETR ?/passwd",
      "DELE ?ftp-operator-x",
    ])
      assert.match(await answer(line), /^(?:550|425) /u, line);
  });

  test("is rejected when a client creates it", async () => {
    for (const line of ["MKD a\tb", "MKD a\u0085b", "STOR a\u007f", "RNTO a\tb", "SITE CPTO a\tb"]) {
      await client.command("EPSV");
      await client.command("RNFR /");
      await client.command("SITE CPFR /");
      assert.match(await answer(line), /^(?:503|550|553) /u, line);
    }
    assert.deepEqual(await readdir(world.home), []);
  });
});

test("a user without the permission List cannot use names with control characters", async () => {
  const permissions = PERMISSIONS.filter((permission) => permission !== "List");
  await using server = await startServer({ config: { users: [testUser("alice", { permissions })] } });
  server.memory.put("/a\nb", "x");
  const client = await (await ControlClient.overTcp(server.engine)).login();
  assert.equal(await client.code("DELE a?b"), 550);
  assert.ok(server.memory.files.has("/a\nb"));
});

// id: control-character-names-4
test("the search for a name with control characters has a limit and delays no other session", async () => {
  await using server = await startServer();
  const entry = await server.memory.stat("/");
  let listed = 0;
  server.memory.list = async function* () {
    for (;;) {
      listed += 128;
      yield Array.from({ length: 128 }, (_, index) => ({ ...entry, name: `${index}` }));
    }
  };
  const client = await (await ControlClient.overTcp(server.engine)).login();
  const other = await (await ControlClient.overTcp(server.engine)).login();
  client.send("DELE a?b/c?d\r\n");
  assert.equal(await other.code("NOOP"), 200);
  assert.ok(listed < MAX_SEARCHED, "the other was answered meanwhile");
  assert.equal((await client.reply())?.code, 550);
  assert.ok(listed <= MAX_SEARCHED + 256, `${listed} entries`);
});

describe("RMD of a directory", () => {
  const NOT_SERVED =
    "550 Directory not empty: it contains entries that are not served (symbolic links, devices, running uploads).";

  test("reports that it contains entries that are not served", async () => {
    await using world = await diskWorld();
    const { client, home } = world;
    for (const name of ["links", "sockets", "both"]) await mkdir(join(home, name));
    await symlink("/etc", join(home, "links", "etc"));
    await symlink("/etc", join(home, "both", "etc"));
    await writeFile(join(home, "both", "file"), "x");
    const socket = createServer().listen(join(home, "sockets", "s"));
    await new Promise((resolve) => socket.once("listening", resolve));
    assert.deepEqual((await client.command("RMD links")).lines, [NOT_SERVED]);
    assert.deepEqual((await client.command("RMD sockets")).lines, [NOT_SERVED]);
    assert.deepEqual((await client.command("RMD both")).lines, ["550 Directory not empty."]);
    await client.command("DELE both/file");
    assert.deepEqual((await client.command("RMD both")).lines, [NOT_SERVED]);
    socket.close();
    assert.deepEqual((await readdir(home)).toSorted(), ["both", "links", "sockets"]);
  });

  test("reports the same reason during an upload to it", async () => {
    await using world = await diskWorld();
    const { client } = world;
    await client.command("MKD d");
    const data = await client.passive();
    assert.equal(await client.code("STOR d/f"), 150);
    const other = await (await ControlClient.overTcp(world.server.engine)).login();
    assert.deepEqual((await other.command("RMD d")).lines, [NOT_SERVED]);
    data.end("text");
    assert.equal((await client.reply())?.code, 226);
    assert.deepEqual((await other.command("RMD d")).lines, ["550 Directory not empty."]);
  });
});
