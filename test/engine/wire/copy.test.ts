import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { PERMISSIONS } from "../../../src/api/engine-config.ts";
import { MAX_COPIES } from "../../../src/engine/services.ts";
import type { DirectoryTree } from "../../../src/engine/storage/local/directory-tree.ts";
import { openTree } from "../../support/engine/open-tree.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, testUser, type TestServer } from "../../support/engine/server.ts";
import { slow } from "../../support/engine/slow-world.ts";
import { settle, world } from "../../support/engine/world.ts";

/** File content whose length is several full read chunks and a partial chunk. */
const LARGE = randomBytes(3_000_001);

/** Starts a file copy, and does not wait for the reply. */
async function begin(client: ControlClient, from = "f", to = "g"): Promise<void> {
  assert.equal(await client.code(`SITE CPFR ${from}`), 350);
  client.send(`SITE CPTO ${to}\r\n`);
  await settle();
}

describe("SITE CPFR and SITE CPTO, on a disk", () => {
  let directory: string;
  let tree: DirectoryTree;
  let server: TestServer;
  let client: ControlClient;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-copy-"));
    tree = await openTree(directory, () => ({ incomplete: "Keep", sync: "Always" }));
    server = await startServer({ openHome: ({ homeDirectory }) => tree.openHome(homeDirectory) });
    client = await (await ControlClient.overTcp(server.engine)).login();
    await writeFile(join(directory, "large"), LARGE);
    await writeFile(join(directory, "old"), "old", { mode: 0o640 });
  });
  after(async () => {
    await server.engine.close();
    await tree.close();
    await rm(directory, { recursive: true });
  });

  const copy = async (from: string, to: string): Promise<number> => {
    assert.equal(await client.code(`SITE CPFR ${from}`), 350);
    return await client.code(`SITE CPTO ${to}`);
  };

  test("create a copy with the same bytes that replaces an existing file, and leave no other files", async () => {
    assert.equal(await client.code("MKD d"), 257);
    assert.equal(await copy("large", "d/copy"), 250);
    assert.equal(await copy("large", "old"), 250);
    assert.equal(await copy("large", "large"), 250);
    for (const name of ["d/copy", "old", "large"])
      assert.ok((await readFile(join(directory, name))).equals(LARGE), name);
    assert.equal((await stat(join(directory, "old"))).mode & 0o777, 0o640);
    assert.deepEqual(
      [await readdir(directory), await readdir(join(directory, "d"))],
      [["d", "large", "old"], ["copy"]],
    );
    await writeFile(join(directory, "d/copy"), "changed");
    assert.ok((await readFile(join(directory, "large"))).equals(LARGE), "they share nothing");
  });

  test("apply the umask of the session to a new file", async () => {
    await client.command("SITE UMASK 077");
    assert.equal(await copy("large", "private"), 250);
    assert.equal((await stat(join(directory, "private"))).mode & 0o777, 0o600);
  });
});

describe("a copy in progress", () => {
  test("permits NOOP and STAT, delays other commands, and keeps the old file until it is complete", async () => {
    await using server = slow();
    server.memory.put("/g", "old");
    const client = await server.client().login();
    await begin(client);
    assert.equal(await client.code("NOOP"), 200);
    assert.ok((await client.command("STAT")).lines.includes(" File copy in progress"));
    client.send("PWD\r\n");
    server.clock.advance(10_000_000);
    await settle();
    assert.deepEqual([server.open(), server.memory.text("/g")], [1, "old"]);
    server.proceed();
    assert.equal((await client.reply())?.code, 250);
    assert.equal((await client.reply())?.code, 257);
    assert.deepEqual([server.open(), server.memory.text("/g")], [0, "hello"]);
  });

  test("ends with 426 and 226 on ABOR without a copied file, and the session continues", async () => {
    await using server = slow();
    const client = await server.client().login();
    await begin(client);
    client.send("PWD\r\nABOR\r\n");
    await settle();
    server.proceed();
    const codes = [await client.reply(), await client.reply(), await client.reply()].map(
      (reply) => reply?.code,
    );
    assert.deepEqual(codes, [426, 226, 257]);
    assert.deepEqual([server.open(), server.memory.text("/g")], [0, undefined]);
  });

  test("ends with its session", async () => {
    await using server = slow();
    const client = await server.client().login();
    await begin(client);
    client.duplex.destroy();
    await settle();
    server.proceed();
    await settle();
    assert.deepEqual(
      [server.open(), server.memory.text("/g"), server.engine.sessions.size],
      [0, undefined, 0],
    );
  });

  test(`waits while ${MAX_COPIES} others run`, async () => {
    await using server = slow();
    const clients = await Promise.all(Array.from({ length: MAX_COPIES + 1 }, () => server.client().login()));
    for (const [number, client] of clients.entries()) await begin(client, "f", `copy${number}`);
    assert.equal(server.open(), MAX_COPIES);
    server.proceed();
    for (const [number, client] of clients.entries()) {
      assert.equal((await client.reply())?.code, 250);
      assert.equal(server.memory.text(`/copy${number}`), "hello");
    }
  });
});

describe("a copy", () => {
  test("gets 426 and is discarded when the file becomes shorter", async () => {
    await using server = world();
    server.memory.put("/f", "hello");
    const entry = { ...(await server.memory.stat("/f")), size: 10 };
    const openRead = server.memory.openRead.bind(server.memory);
    server.memory.openRead = async (path) => ({ ...(await openRead(path)), entry });
    const client = await server.client().login();
    await client.command("SITE CPFR f");
    assert.deepEqual((await client.command("SITE CPTO g")).lines, [
      "426 The file became shorter during the transfer.",
    ]);
    assert.equal(server.memory.text("/g"), undefined);
  });

  test("contains the original bytes when the file grows", async () => {
    await using server = world();
    server.memory.put("/f", "hello");
    const entry = { ...(await server.memory.stat("/f")), size: 4 };
    const openRead = server.memory.openRead.bind(server.memory);
    server.memory.openRead = async (path) => ({ ...(await openRead(path)), entry });
    const client = await server.client().login();
    await client.command("SITE CPFR f");
    assert.equal(await client.code("SITE CPTO g"), 250);
    assert.equal(server.memory.text("/g"), "hell");
  });

  // id: copy-permissions-2
  for (const [refused, line] of [
    ["Read", "SITE CPFR f"],
    ["Read", "SITE CPTO g"],
    ["Write", "SITE CPTO g"],
  ] as const)
    test(`is rejected at ${line} when ${refused} is missing or was revoked after CPFR`, async () => {
      await using server = world();
      server.memory.put("/f", "hello");
      const client = await server.client().login();
      assert.equal(await client.code("SITE CPFR f"), 350);
      const permissions = PERMISSIONS.filter((other) => other !== refused);
      server.authenticator.users = [testUser("alice", { permissions })];
      assert.deepEqual((await client.command(line)).lines, [
        `550 Permission denied: ${refused} is required.`,
      ]);
      assert.equal(server.memory.text("/g"), undefined);
    });
});
