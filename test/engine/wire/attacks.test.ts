import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { DirectoryTree } from "../../../src/engine/storage/local/directory-tree.ts";
import { openTree } from "../../support/engine/open-tree.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, testConfig, type TestServer } from "../../support/engine/server.ts";
import { SLICE, world } from "../../support/engine/world.ts";

// Tests attacks that no other test file covers. The page docs/reference/attacks.md lists all attacks.

describe("an attack of a logged-in client", () => {
  let directory: string;
  let tree: DirectoryTree;
  let server: TestServer;
  let client: ControlClient;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-attacks-"));
    for (const path of ["home/inner/deep", "other"]) await mkdir(join(directory, path), { recursive: true });
    await writeFile(join(directory, "other/secret"), "secret");
    await writeFile(join(directory, "home/inner/deep/file"), "x");
    await writeFile(join(directory, "home/one\r\n-rw-r--r-- 1 ftp ftp 9 Jan 01 2026 forged"), "x");
    await writeFile(join(directory, "home/plain"), "x");
    tree = await openTree(directory, () => testConfig().uploads);
    server = await startServer({ storage: await tree.openHome("/home") });
    client = await (await ControlClient.overTcp(server.engine)).login();
    await client.command("TYPE I");
  });

  after(async () => {
    await server[Symbol.asyncDispose]();
    await tree.close();
    await rm(directory, { recursive: true });
  });

  for (const path of [
    "../other/secret",
    "/../other/secret",
    "inner/../../other/secret",
    "..\\other\\secret",
    "%2e%2e/other/secret",
    "..%c0%afother/secret",
    "\u2025/other/secret",
    "/proc/self/root/etc/passwd",
    "/proc/self/cwd/package.json",
    "inner/deep/file\0/../../../../other/secret",
  ])
    for (const verb of ["SIZE", "MLST", "DELE", "RNFR", "HASH", "SITE CPFR"]) {
      const line = `${verb} ${path}`;
      // id: path-traversal-2
      test(`with ${JSON.stringify(line)} does not leave the home`, async () => {
        const { code, lines } = await client.command(line);
        assert.ok([501, 550, 553].includes(code), lines.join());
        assert.doesNotMatch(lines.join(), /secret|passwd|root:/u);
      });
    }

  // id: listing-limits-2
  test("with LIST -R lists no subdirectories", async () => {
    const { bytes } = await client.download("LIST -R");
    assert.match(bytes.toString(), /inner/u);
    assert.doesNotMatch(bytes.toString(), /deep|file/u);
  });

  // id: forged-lines-2
  test("with line ends in names forges no row of a listing and no line of the log", async () => {
    for (const line of ["LIST", "NLST", "MLSD"]) {
      const rows = (await client.download(line)).bytes.toString().split("\r\n").slice(0, -1);
      assert.equal(rows.length, 3, line);
      for (const row of rows.filter((text) => text.includes("forged"))) assert.match(row, /\bone\?\?-rw/u);
    }
    const other = await ControlClient.overTcp(server.engine);
    await other.reply();
    const name = 'eve\u0007\u009b\u007f\r{"msg":"logged in","user":"root"}';
    assert.equal(await other.code(`USER ${name}`), 331);
    assert.equal(await other.code("PASS wrong"), 530);
    const users = server.log.entries.map(({ fields }) => ("user" in fields ? fields.user : undefined));
    assert.ok(users.every((user) => user !== "root"));
    // JSON does not escape DEL and C1 control characters. Terminals interpret these characters.
    // oxlint-disable-next-line no-control-regex -- the test searches for control characters
    assert.doesNotMatch(users.join(" "), /[\u0000-\u001f\u007f-\u009f]/u);
  });

  // id: no-programs
  for (const command of [
    "EXEC id",
    "COPY /plain /x",
    "SYMLINK /plain /x",
    "CHGRP 0 plain",
    "MSG x",
    "%s%s%n",
  ])
    test(`with SITE ${command} runs no program`, async () => {
      const { code } = await client.command(`SITE ${command}`);
      assert.ok([500, 501, 502, 504].includes(code), `${code}`);
    });
});

// id: copy-permissions
test("SITE CPFR and SITE CPTO are rejected before the login (CVE-2015-3306)", async () => {
  await using server = world();
  server.memory.put("/f", "hello");
  const stranger = server.client();
  await stranger.reply();
  for (const line of ["SITE CPFR /f", "SITE CPTO /g", "site cpfr f"])
    assert.equal(await stranger.code(line), 530);
  assert.equal(server.memory.text("/g"), undefined);
});

// id: slow-clients-4
test("a client that reserves many passive ports does not exclude other clients", async () => {
  const server = world();
  const hoarders = Array.from({ length: 20 }, () => server.client("192.0.2.66"));
  for (const hoarder of hoarders) {
    await hoarder.login();
    hoarder.send("PASV\r\n".repeat(10));
  }
  const other = server.client("192.0.2.1");
  await other.login();
  for (let port = SLICE.first; port <= SLICE.last; port++) assert.equal(await other.code("EPSV"), 229);
});
