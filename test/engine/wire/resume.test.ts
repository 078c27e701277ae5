import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, beforeEach, describe, test } from "node:test";
import type { DirectoryTree } from "../../../src/engine/storage/local/directory-tree.ts";
import { openTree } from "../../support/engine/open-tree.ts";
import { isPartial } from "../../../src/engine/storage/local/uploads/partials.ts";
import { curl, lftp, type Site, url } from "../../support/clients/clients.ts";
import { run } from "../../cluster/run.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, type TestServer } from "../../support/engine/server.ts";

/** Time in milliseconds after which the test kills a client that hangs, and fails. */
const CLIENT_TIMEOUT_MILLISECONDS = 60_000;
/**
 * Bandwidth in bytes per second. At this rate, a client has sent only a part of the file when the test kills the
 * client.
 */
const RATE = 1_000_000;
const CUT_MILLISECONDS = 1500;

describe("incomplete uploads", () => {
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
    tree = await openTree(directory, () => ({ incomplete, sync: "Never" }));
    server = await startServer({ storage: await tree.openHome("/home", { account: "alice" }) });
  });
  after(async () => {
    await server.engine.close();
    await tree.close();
    await rm(directory, { recursive: true });
  });
  beforeEach(async () => {
    incomplete = "Keep";
    await rm(home, { recursive: true });
    await mkdir(home);
  });

  const site = (signal?: AbortSignal): Site => ({
    login: { host: "127.0.0.1", port: server.engine.controlPort, user: "alice", password: "secret" },
    run: (argv) => run(argv, { timeout: CLIENT_TIMEOUT_MILLISECONDS, ...(signal && { signal }) }),
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

  /** Creates an incomplete upload for an account. */
  async function keep(name: string, bytes: string | Uint8Array, account = "alice"): Promise<void> {
    const storage = await tree.openHome("/home", { account });
    const handle = await storage.openUpload(`/${name}`, { type: "Replace" });
    await handle.write([Buffer.from(bytes)]);
    await handle.abort();
  }

  /** Waits until the engine has logged the end of `count` uploads. */
  async function ended(uploads: number): Promise<void> {
    const results = ["Complete", "Failed", "Aborted"];
    const count = (): number =>
      results.reduce((sum, result) => sum + (server.counts.get(`transferEnded Upload ${result}`) ?? 0), 0);
    while (count() < uploads) await sleep(10);
  }

  /** Kills a client some time after its upload starts. Waits until the engine has logged the end of the upload. */
  async function killDuringUpload(cut: (at: Site) => Promise<string>): Promise<void> {
    const kill = new AbortController();
    const killed = assert.rejects(cut(site(kill.signal)), /was killed|aborted/u);
    while (!server.counts.has("transferStarted Upload")) await sleep(10);
    await sleep(CUT_MILLISECONDS);
    kill.abort();
    await killed;
    await ended(1);
  }

  for (const [name, { cut, resume }] of Object.entries(clients)) {
    // id: resume-after-loss
    test(`are resumed by ${name}`, async () => {
      server.counts.clear();
      await killDuringUpload(cut);
      const [name = "", ...more] = await readdir(home);
      assert.ok(isPartial(name) && more.length === 0);
      const { size } = await stat(join(home, name));
      assert.ok(size > 0 && size < content.length, `${size} bytes`);
      await resume(site());
      assert.deepEqual(await readdir(home), ["file"]);
      assert.ok((await readFile(join(home, "file"))).equals(content));
    });

    test(`are restarted from the first byte by ${name} when the engine does not keep them`, async () => {
      incomplete = "Remove";
      server.counts.clear();
      await killDuringUpload(cut);
      assert.deepEqual(await readdir(home), []);
      await resume(site());
      assert.ok((await readFile(join(home, "file"))).equals(content));
    });
  }

  /** Commands that basic-ftp and scripts in Ruby, Perl and Python send between SIZE and APPE. */
  for (const between of [[], ["TYPE I"], ["NOOP", "PWD"], ["MDTM file", "FEAT", "SIZE other"]])
    test(`are resumed by SIZE, ${[...between, "EPSV"].join(", ")} and APPE`, async () => {
      await keep("file", content.subarray(0, 10_000));
      const client = await (await ControlClient.overTcp(server.engine)).login();
      await client.command("TYPE I");
      assert.deepEqual((await client.command("SIZE file")).lines, ["213 10000"]);
      for (const line of between) await client.command(line);
      if (between.includes("SIZE other")) await client.command("SIZE file");
      assert.equal(await client.upload("APPE file", content.subarray(10_000)), 226);
      assert.deepEqual(await readdir(home), ["file"]);
      assert.ok((await readFile(join(home, "file"))).equals(content));
    });

  test("are not required for REST, NOOP, SIZE, EPSV and STOR, which write at an offset of an existing file", async () => {
    await writeFile(join(home, "file"), "0123456789");
    const client = await (await ControlClient.overTcp(server.engine)).login();
    await client.command("TYPE I");
    for (const line of ["REST 5", "NOOP", "SIZE file", "ALLO 5"]) await client.command(line);
    assert.equal(await client.upload("STOR file", "new"), 226);
    assert.equal(await readFile(join(home, "file"), "utf8"), "01234new");
  });

  test("are shown by SIZE only to users with the permission Write", async () => {
    await keep("file", "0123");
    const client = await (await ControlClient.overTcp(server.engine)).login();
    await client.command("TYPE I");
    assert.equal(await client.upload("APPE other", "new"), 226);
    assert.deepEqual((await client.command("SIZE file")).lines, ["213 4"]);
    server.authenticator.users = [{ ...server.config.users[0]!, permissions: ["List", "Read"] }];
    assert.equal(await client.code("SIZE file"), 550);
    server.authenticator.users = server.config.users;
  });

  test("are shown by SIZE, MDTM and MLST under the name of their target, hidden from listings and removed by DELE", async () => {
    await keep("file", "0123");
    const client = await (await ControlClient.overTcp(server.engine)).login();
    await client.command("TYPE I");
    assert.deepEqual((await client.command("SIZE file")).lines, ["213 4"]);
    assert.match((await client.command("MDTM file")).lines[0] ?? "", /^213 \d{14}$/u);
    assert.match((await client.command("MLST file")).lines[1] ?? "", /;Size=4;.*Perm=adw;.* \/file$/u);
    for (const line of ["NLST", "LIST", "MLSD"])
      assert.equal((await client.download(line)).bytes.toString(), "", line);
    const absent =
      "550 Only an incomplete upload of 4 bytes has this name. Resume it, or remove it with DELE.";
    for (const line of ["RNFR file", "SITE CPFR file"])
      assert.deepEqual((await client.command(line)).lines, [absent], line);
    assert.equal((await client.download("RETR file")).code, 550);
    assert.equal(await client.code("MFMT 20200101000000 file"), 550);
    assert.equal(await client.code("DELE file"), 250);
    for (const line of ["SIZE file", "MDTM file", "MLST file", "DELE file", "RNFR file"])
      assert.deepEqual((await client.command(line)).lines, ["550 No such file or directory."], line);
    assert.deepEqual(await readdir(home), []);
  });

  // id: planted-partials
  test("cannot be seen or created by another account of the same home", async () => {
    await keep("file", "EVIL", "mallory");
    await writeFile(join(home, "file.partial"), "mine");
    const client = await (await ControlClient.overTcp(server.engine)).login();
    await client.command("TYPE I");
    for (const line of ["SIZE file", "MDTM file", "MLST file", "DELE file", "RNFR file"])
      assert.equal(await client.code(line), 550, line);
    assert.equal(await client.code("REST 4"), 350);
    assert.equal(await client.upload("STOR file", "real"), 550);
    assert.equal(await client.upload("APPE file", "real"), 226);
    assert.equal(await readFile(join(home, "file"), "utf8"), "real");
    assert.equal(await readFile(join(home, "file.partial"), "utf8"), "mine");
  });

  // id: resume-over-changed-file
  test("are kept, and APPE fails, when another file has taken the name of their target", async () => {
    await keep("file", "0123");
    const client = await (await ControlClient.overTcp(server.engine)).login();
    await client.command("TYPE I");
    assert.deepEqual((await client.command("SIZE file")).lines, ["213 4"]);
    await writeFile(join(home, "file"), "ledger");
    assert.equal(await client.upload("APPE file", "forged"), 550);
    assert.equal(await readFile(join(home, "file"), "utf8"), "ledger");
    await rm(join(home, "file"));
    await client.command("SIZE file");
    const data = await client.passive();
    assert.equal(await client.code("APPE file"), 150);
    await writeFile(join(home, "file"), "ledger");
    data.end("forged");
    assert.deepEqual((await client.reply())?.lines, ["550 File exists; the incomplete upload is kept."]);
    assert.equal(await readFile(join(home, "file"), "utf8"), "ledger");
    await rm(join(home, "file"));
    assert.deepEqual((await client.command("SIZE file")).lines, ["213 10"]);
  });

  test("are neither resumed nor removed by APPE without SIZE", async () => {
    await keep("file", "0123");
    const client = await (await ControlClient.overTcp(server.engine)).login();
    await client.command("TYPE I");
    assert.equal(await client.upload("APPE file", "new"), 550);
    assert.deepEqual((await client.download("NLST")).bytes.toString(), "");
    assert.equal(await client.upload("STOR file", "complete"), 226);
    assert.equal(await client.upload("APPE file", " and more"), 226);
    assert.equal(await readFile(join(home, "file"), "utf8"), "complete and more");
  });

  test("have precedence over a file with a control character when both are shown under one name", async () => {
    await writeFile(join(home, "a\nb"), "control");
    await keep("a?b", "01");
    const client = await (await ControlClient.overTcp(server.engine)).login();
    await client.command("TYPE I");
    assert.deepEqual((await client.command("SIZE a?b")).lines, ["213 2"]);
    assert.equal(await client.code("DELE a?b"), 250);
    assert.deepEqual(await readdir(home), ["a\nb"]);
  });

  // id: resume-mixes-versions
  for (const policy of ["Keep", "Remove"] as const)
    test(`are not resumed at the SIZE of the old file, with the policy ${policy}`, async () => {
      incomplete = policy;
      await writeFile(join(home, "file"), "the old file");
      const client = await (await ControlClient.overTcp(server.engine)).login();
      await client.command("TYPE I");
      const data = await client.passive();
      data.on("error", () => {});
      assert.equal(await client.code("STOR file"), 150);
      data.write("THE NEW");
      assert.deepEqual([await client.code("ABOR"), (await client.reply())?.code], [426, 226]);
      assert.deepEqual((await client.command("SIZE file")).lines, ["213 12"]);
      assert.equal(await client.upload("APPE file", " TAIL"), 550);
      await client.command("REST 12");
      assert.equal(await client.upload("STOR file", " TAIL"), 550);
      assert.equal(await readFile(join(home, "file"), "utf8"), "the old file");
      assert.equal(await client.upload("STOR file", "THE NEW FILE"), 226);
      assert.equal(await client.upload("APPE file", " TAIL"), 226);
      assert.equal(await readFile(join(home, "file"), "utf8"), "THE NEW FILE TAIL");
    });

  // id: resume-mixes-versions-2
  test("never mix old and new content when lftp loses its connection during a replacement", async () => {
    const at = site();
    await writeFile(join(home, "file"), "old".repeat(100_000));
    const replacing = lftp(
      at,
      "passive",
      `set net:reconnect-interval-base 1; set net:limit-rate ${RATE}; put ${join(directory, "file")}`,
    );
    const running = (): boolean =>
      [...server.engine.sessions].some(({ state }) => state.type === "Transferring");
    while (!running()) await sleep(10);
    await sleep(CUT_MILLISECONDS);
    assert.ok(running());
    for (const session of server.engine.sessions) session.destroy();
    await replacing.catch(() => {});
    const result = await readFile(join(home, "file"));
    assert.ok(result.equals(content) || result.equals(Buffer.from("old".repeat(100_000))));
  });
});
