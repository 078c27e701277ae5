import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { deflateSync } from "node:zlib";
import type { DirectoryTree } from "../../../src/engine/storage/local/directory-tree.ts";
import { openTree } from "../../support/engine/open-tree.ts";
import { run } from "../../cluster/run.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, testUser, type TestServer } from "../../support/engine/server.ts";

const BYTES = 1_000_000;
const FILES = 3;

describe("users[].quota", () => {
  let directory: string;
  let tree: DirectoryTree;
  let server: TestServer;
  let client: ControlClient;
  let homes = 0;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-quota-"));
    tree = await openTree(directory, () => ({ incomplete: "Keep", sync: "Never" }));
    server = await startServer({
      openHome: ({ homeDirectory }, ledger) => tree.openHome(homeDirectory, { ledger }),
    });
  });
  after(async () => {
    await server.engine.close();
    await tree.close();
    await rm(directory, { recursive: true });
  });

  /** Creates a separate home with the quota for each test. */
  beforeEach(async () => {
    homes += 1;
    const change = { homeDirectory: `/home${homes}`, quota: { bytes: BYTES, files: FILES } };
    server.authenticator.users = [testUser("alice", change)];
    client = await (await ControlClient.overTcp(server.engine)).login();
    await client.command("TYPE I");
  });

  test("charges MODE Z uploads by their decompressed size", async () => {
    await client.command("MODE Z");
    const data = await client.passive();
    data.on("error", () => {});
    assert.equal(await client.code("STOR bomb"), 150);
    data.end(deflateSync(Buffer.alloc(100 * BYTES)));
    assert.deepEqual((await client.reply())?.lines, [`552 Quota exceeded: quota.bytes is ${BYTES}.`]);
    assert.deepEqual(await left(), []);
    assert.equal(await client.upload("STOR a", deflateSync(Buffer.alloc(BYTES))), 226);
  });

  const left = (): Promise<string[]> => readdir(join(directory, `home${homes}`));

  // id: quotas
  test("rejects an upload that exceeds the byte quota with 552 and removes it", async () => {
    assert.equal(await client.upload("STOR a", Buffer.alloc(BYTES - 10)), 226);
    const data = await client.passive();
    data.on("error", () => {});
    assert.equal(await client.code("STOR b"), 150);
    data.write(Buffer.alloc(11));
    assert.deepEqual((await client.reply())?.lines, [`552 Quota exceeded: quota.bytes is ${BYTES}.`]);
    assert.deepEqual(await left(), ["a"]);
    assert.equal(await client.upload("STOR b", Buffer.alloc(10)), 226);
    for (const line of ["APPE b", "STOU b"]) assert.equal(await client.upload(line, "x"), 552, line);
    assert.equal(await client.code("REST 10"), 350);
    assert.equal(await client.upload("STOR b", "x"), 552);
    assert.match((await client.command("AVBL")).lines[0] ?? "", /^213 0$/u);
    assert.equal(await client.code("DELE a"), 250);
    assert.match((await client.command("AVBL")).lines[0] ?? "", new RegExp(`^213 ${BYTES - 10}$`, "u"));
    assert.equal(await client.upload("STOR c", Buffer.alloc(BYTES - 10)), 226);
  });

  test("rejects a new file or directory with 552 when the number of files is reached", async () => {
    assert.equal(await client.code("MKD d"), 257);
    assert.equal(await client.upload("STOR a", "1"), 226);
    assert.equal(await client.upload("STOR d/b", "2"), 226);
    assert.deepEqual((await client.command("MKD e")).lines, [`552 Quota exceeded: quota.files is ${FILES}.`]);
    await client.passive();
    assert.equal(await client.code("STOR c"), 552);
    assert.equal(await client.upload("STOR a", "again"), 226);
    assert.equal(await client.code("RNFR a"), 350);
    assert.equal(await client.code("RNTO d/a"), 250);
    assert.equal(await client.code("DELE d/a"), 250);
    assert.equal(await client.code("DELE d/b"), 250);
    assert.equal(await client.code("RMD d"), 250);
    assert.equal(await client.code("MKD e"), 257);
  });

  test("rejects a copy that exceeds the quota with 552 and removes it", async () => {
    assert.equal(await client.upload("STOR a", Buffer.alloc(BYTES * 0.6)), 226);
    const copy = async (to: string): Promise<string[]> => {
      assert.equal(await client.code("SITE CPFR a"), 350);
      return (await client.command(`SITE CPTO ${to}`)).lines;
    };
    assert.deepEqual(await copy("b"), [`552 Quota exceeded: quota.bytes is ${BYTES}.`]);
    assert.deepEqual(await left(), ["a"]);
    assert.equal(await client.upload("STOR a", Buffer.alloc(BYTES * 0.3)), 226);
    for (const name of ["b", "c"]) assert.deepEqual(await copy(name), ["250 Copy successful."]);
    assert.match((await client.command("AVBL")).lines[0] ?? "", new RegExp(`^213 ${BYTES * 0.1}$`, "u"));
    assert.deepEqual(await copy("d"), [`552 Quota exceeded: quota.files is ${FILES}.`]);
    assert.deepEqual((await left()).toSorted(), ["a", "b", "c"]);
  });

  test("applies to the sum of concurrent uploads in all sessions of a user", async () => {
    const other = await (await ControlClient.overTcp(server.engine)).login();
    const [one, two] = [await client.passive(), await other.passive()];
    for (const data of [one, two]) data.on("error", () => {});
    assert.equal(await client.code("STOR a"), 150);
    assert.equal(await other.code("STOR b"), 150);
    for (const data of [one, two]) data.end(Buffer.alloc(BYTES * 0.6));
    const codes = [(await client.reply())?.code, (await other.reply())?.code];
    assert.ok(codes.includes(552), codes.join());
    assert.equal((await left()).length, codes.filter((code) => code === 226).length);
  });

  test("makes curl exit with an error when an upload exceeds it", async () => {
    const file = join(directory, "large");
    await writeFile(file, Buffer.alloc(BYTES + 1));
    const url = `ftp://alice:secret@127.0.0.1:${server.engine.controlPort}/large`;
    await assert.rejects(run(["curl", "-sS", "--max-time", "10", "-T", file, url]), /curl: \(\d+\)/u);
    assert.deepEqual(await left(), []);
  });
});
