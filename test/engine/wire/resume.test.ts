import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, beforeEach, describe, test } from "node:test";
import { DirectoryTree } from "../../../src/engine/storage/directory-tree.ts";
import { curl, lftp, type Site, url } from "../../clients/clients.ts";
import { run } from "../../cluster/run.ts";
import { ControlClient } from "./control-client.ts";
import { startServer, type TestServer } from "./server.ts";

/** Ends a client that hangs, so that the test fails instead. */
const CLIENT_TIMEOUT_MILLISECONDS = 30_000;
/** When a client is cut off, it has sent some of the file at this many bytes a second, and not all. */
const RATE = 1_000_000;
const CUT_MILLISECONDS = 1500;

describe("uploads that were cut", () => {
  const content = randomBytes(5_000_011);
  let directory: string;
  let home: string;
  let tree: DirectoryTree;
  let server: TestServer;
  let incomplete: "Keep" | "Remove";

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "ftp-resume-"));
    home = join(directory, "home");
    await writeFile(join(directory, "file"), content);
    tree = await DirectoryTree.open(directory, () => ({ incomplete, sync: "Never" }));
    server = await startServer({ storage: await tree.openHome("/home") });
  });
  after(async () => {
    await server.server.close();
    await tree.close();
    await rm(directory, { recursive: true });
  });
  beforeEach(async () => {
    incomplete = "Keep";
    await rm(home, { recursive: true });
    await mkdir(home);
  });

  const site = (timeout: number): Site => ({
    login: { host: "127.0.0.1", port: server.server.controlPort, user: "alice", password: "secret" },
    run: (argv) => run(argv, { timeout }),
  });
  const clients = {
    curl: {
      cut: (at: Site) =>
        curl(at, "passive", "--limit-rate", `${RATE}`, "-T", join(directory, "file"), url(at, "file")),
      resume: (at: Site) => curl(at, "passive", "-C", "-", "-T", join(directory, "file"), url(at, "file")),
    },
    lftp: {
      cut: (at: Site) => lftp(at, "passive", `set net:limit-rate ${RATE}; put ${join(directory, "file")}`),
      resume: (at: Site) => lftp(at, "passive", `put -c ${join(directory, "file")}`),
    },
  };

  /** Waits until the server has noticed. */
  async function ended(uploads: number): Promise<void> {
    const results = ["Complete", "Failed", "Aborted"];
    const count = (): number =>
      results.reduce((sum, result) => sum + (server.counts.get(`transferEnded Upload ${result}`) ?? 0), 0);
    while (count() < uploads) await sleep(10);
  }

  for (const [name, { cut, resume }] of Object.entries(clients)) {
    test(`${name} goes on with what it had sent`, async () => {
      server.counts.clear();
      await assert.rejects(cut(site(CUT_MILLISECONDS)), /was killed/u);
      await ended(1);
      assert.deepEqual(await readdir(home), ["file.partial"]);
      const { size } = await stat(join(home, "file.partial"));
      assert.ok(size > 0 && size < content.length, `${size} bytes`);
      await resume(site(CLIENT_TIMEOUT_MILLISECONDS));
      assert.deepEqual(await readdir(home), ["file"]);
      assert.ok((await readFile(join(home, "file"))).equals(content));
    });

    test(`${name} starts again where nothing is kept`, async () => {
      incomplete = "Remove";
      server.counts.clear();
      await assert.rejects(cut(site(CUT_MILLISECONDS)), /was killed/u);
      await ended(1);
      assert.deepEqual(await readdir(home), []);
      await resume(site(CLIENT_TIMEOUT_MILLISECONDS));
      assert.ok((await readFile(join(home, "file"))).equals(content));
    });
  }

  /** What scripts in Ruby, Perl and Python, and basic-ftp, send between SIZE and APPE. */
  for (const between of [[], ["TYPE I"], ["NOOP", "PWD"], ["MDTM file", "FEAT", "SIZE other"]])
    test(`SIZE, ${[...between, "EPSV"].join(", ")} and APPE resume what is there`, async () => {
      await writeFile(join(home, "file.partial"), content.subarray(0, 10_000));
      const client = await (await ControlClient.overTcp(server.server)).login();
      await client.command("TYPE I");
      assert.deepEqual((await client.command("SIZE file")).lines, ["213 10000"]);
      for (const line of between) await client.command(line);
      if (between.includes("SIZE other")) await client.command("SIZE file");
      assert.equal(await client.upload("APPE file", content.subarray(10_000)), 226);
      assert.deepEqual(await readdir(home), ["file"]);
      assert.ok((await readFile(join(home, "file"))).equals(content));
    });

  test("REST, NOOP, SIZE, EPSV and STOR write behind the offset", async () => {
    await writeFile(join(home, "file"), "0123456789");
    const client = await (await ControlClient.overTcp(server.server)).login();
    await client.command("TYPE I");
    for (const line of ["REST 5", "NOOP", "SIZE file", "ALLO 5"]) await client.command(line);
    assert.equal(await client.upload("STOR file", "new"), 226);
    assert.equal(await readFile(join(home, "file"), "utf8"), "01234new");
  });

  test("SIZE tells of them only to those who may write", async () => {
    await writeFile(join(home, "file.partial"), "0123");
    const client = await (await ControlClient.overTcp(server.server)).login();
    await client.command("TYPE I");
    assert.equal(await client.upload("APPE other", "new"), 226);
    assert.deepEqual((await client.command("SIZE file")).lines, ["213 4"]);
    server.authenticator.users = [{ ...server.config.users[0]!, permissions: ["List", "Read"] }];
    assert.equal(await client.code("SIZE file"), 550);
    assert.equal((await client.download("RETR file.partial")).bytes.toString(), "0123");
    server.authenticator.users = server.config.users;
  });

  test("APPE without SIZE neither resumes nor drops them", async () => {
    await writeFile(join(home, "file.partial"), "0123");
    const client = await (await ControlClient.overTcp(server.server)).login();
    await client.command("TYPE I");
    assert.equal(await client.upload("APPE file", "new"), 550);
    assert.deepEqual(await readdir(home), ["file.partial"]);
    assert.equal(await client.upload("STOR file", "complete"), 226);
    assert.equal(await client.upload("APPE file", " and more"), 226);
    assert.equal(await readFile(join(home, "file"), "utf8"), "complete and more");
  });
});
