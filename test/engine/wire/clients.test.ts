import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { after, before, describe, test } from "node:test";
import { Client } from "basic-ftp";
import type { DirectoryTree } from "../../../src/engine/storage/local/directory-tree.ts";
import { openTree } from "../../support/engine/open-tree.ts";
import { run } from "../../cluster/run.ts";
import { CLIENTS, curl, lftp, MODES, type Site, url } from "../../support/clients/clients.ts";
import { startServer, testConfig, type TestServer } from "../../support/engine/server.ts";

/** Whether loopback has IPv6. */
const hasIpv6 = networkInterfaces()["lo"]?.some(({ family }) => family === "IPv6") === true;

/** Directories for one test: `directory` contains client files, and `root` contains engine files. */
interface World extends Site {
  directory: string;
  root: string;
  server: TestServer;
}

/** Time in milliseconds after which the test kills a client that hangs, and fails. */
const CLIENT_TIMEOUT_MILLISECONDS = 60_000;

function runClient(argv: readonly string[]): Promise<string> {
  return run(argv, { timeout: CLIENT_TIMEOUT_MILLISECONDS });
}

async function basicFtp<T>({ login }: World, job: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(10_000);
  try {
    await client.access(login);
    return await job(client);
  } finally {
    client.close();
  }
}

describe("real clients", () => {
  const content = randomBytes(3_000_017);
  const sum = createHash("sha256").update(content).digest("hex");
  let world: World;
  let tree: DirectoryTree;

  before(async () => {
    const directory = await mkdtemp(join(tmpdir(), "ftp-clients-"));
    const root = join(directory, "root");
    await mkdir(root);
    tree = await openTree(root, () => testConfig().uploads);
    const storage = await tree.openHome("/");
    const server = await startServer({ storage, config: { active: { mode: "Enabled" } } });
    const login = { host: "127.0.0.1", port: server.engine.controlPort, user: "alice", password: "secret" };
    world = { directory, root, server, login, run: runClient };
  });

  after(async () => {
    await world.server.engine.close();
    await tree.close();
    await rm(world.directory, { recursive: true });
  });

  for (const client of CLIENTS) {
    for (const mode of client.modes) {
      const name = `${client.name}-${mode}.bin`;

      test(`${client.name} uploads, lists and downloads in ${mode} mode`, async () => {
        const path = join(world.directory, name);
        await writeFile(path, content);
        if (client.upload === undefined) await writeFile(join(world.root, name), content);
        else await client.upload(world, mode, path);
        assert.ok((await readFile(join(world.root, name))).equals(content), "what arrived");
        assert.ok((await client.list(world, mode)).includes(name), "listing");
        await rm(path);
        await client.download(world, mode, path);
        assert.equal(
          createHash("sha256")
            .update(await readFile(path))
            .digest("hex"),
          sum,
        );
      });
    }
  }

  test("curl resumes a download and an upload", async () => {
    const path = join(world.directory, "resume.bin");
    await writeFile(join(world.root, "resume.bin"), content);
    await writeFile(path, content.subarray(0, 1_000_003));
    await curl(world, "passive", "-C", "-", "-o", path, url(world, "resume.bin"));
    assert.ok((await readFile(path)).equals(content));
    await writeFile(join(world.root, "resume.bin"), content.subarray(0, 2_000_001));
    await curl(world, "passive", "-C", "-", "-T", path, url(world, "resume.bin"));
    assert.ok((await readFile(join(world.root, "resume.bin"))).equals(content));
  });

  for (const mode of MODES) {
    test(`curl transfers a file over IPv6 in ${mode} mode`, {
      skip: !hasIpv6 && "this machine has no IPv6",
    }, async () => {
      await writeFile(join(world.root, "six"), "6");
      assert.equal(await curl(world, mode, `ftp://[::1]:${world.login.port}/six`), "6");
    });
  }

  test("curl converts text in both directions in TYPE A", async () => {
    await writeFile(join(world.root, "text"), "one\ntwo\n");
    assert.equal(await curl(world, "passive", "--use-ascii", url(world, "text")), "one\ntwo\n");
    const path = join(world.directory, "text");
    await writeFile(path, "three\nfour");
    await curl(world, "passive", "--use-ascii", "-T", path, url(world, "back"));
    assert.equal(await readFile(join(world.root, "back"), "utf8"), "three\nfour");
  });

  test("lftp mirrors, changes and removes a tree with unusual names", async () => {
    const source = join(world.directory, "tree");
    await mkdir(join(source, "ä b", "deep"), { recursive: true });
    await writeFile(join(source, "ä b", "deep", 'quo"te, 100%'), "x");
    await writeFile(join(source, " lead"), "y");
    await lftp(world, "passive", `mirror -R ${source} /tree; mv /tree/\\ lead /tree/led`);
    assert.equal(await readFile(join(world.root, 'tree/ä b/deep/quo"te, 100%'), "utf8"), "x");
    assert.equal(await readFile(join(world.root, "tree/led"), "utf8"), "y");
    await lftp(world, "passive", "rm -r /tree");
    await assert.rejects(readdir(join(world.root, "tree")));
  });

  test("lftp compresses transfers with MODE Z, and resumed transfers too", async () => {
    const text = Buffer.from("a line that repeats\n".repeat(100_000));
    const [there, path] = [join(world.root, "z.txt"), join(world.directory, "z.txt")];
    const { log } = world.server;
    await writeFile(path, text);
    for (const [size, command] of [
      [0, `put ${path}`],
      [1_000_003, `put -c ${path}`],
    ] as const) {
      if (size > 0) await truncate(there, size);
      await lftp(world, "passive", `set ftp:use-mode-z yes; ${command}`);
      assert.ok((await readFile(there)).equals(text), command);
      assert.ok(log.movedBytes < 10_000, `${command} moved ${log.movedBytes}`);
    }
    for (const [size, command] of [
      [0, "get"],
      [1_000_003, "get -c"],
    ] as const) {
      await truncate(path, size);
      await lftp(
        world,
        "passive",
        `set ftp:use-mode-z yes; set xfer:clobber yes; ${command} z.txt -o ${path}`,
      );
      assert.ok((await readFile(path)).equals(text), command);
      assert.ok(log.movedBytes < 10_000, `${command} moved ${log.movedBytes}`);
    }
  });

  test("lftp changes modes, and keeps modification times of mirrored files", async () => {
    const source = join(world.directory, "times");
    await mkdir(source);
    await writeFile(join(source, "f"), "x");
    await utimes(join(source, "f"), new Date("2021-02-03T04:05:06Z"), new Date("2021-02-03T04:05:06Z"));
    await lftp(world, "passive", `mirror -R ${source} /times; chmod 604 /times/f`);
    const { mtime, mode } = await stat(join(world.root, "times/f"));
    assert.deepEqual([mtime.toISOString(), mode & 0o777], ["2021-02-03T04:05:06.000Z", 0o604]);
  });

  test("lftp mirrors names that are not UTF-8, including the byte 0xFF, and removes them", async () => {
    const source = join(world.directory, "latin1");
    await mkdir(source);
    const names = ["a\xff\xffb", "caf\xe9", "\xc3\xa9", "\xff\xf0"];
    for (const name of names) await writeFile(Buffer.from(`${source}/${name}`, "latin1"), "x");
    const charset = ["ftp:use-feat no", "ftp:charset latin1", "file:charset latin1"];
    await lftp(world, "passive", `mirror -R ${source} /latin1`, charset);
    const stored = await readdir(join(world.root, "latin1"), { encoding: "latin1" });
    assert.deepEqual(stored.toSorted(), names.toSorted());
    await lftp(world, "passive", "rm -r /latin1", charset);
    await assert.rejects(readdir(join(world.root, "latin1")));
    await rm(Buffer.from(source), { recursive: true });
  });

  test("lftp sets the modes of all files of a tree with a sticky directory", async () => {
    const source = join(world.directory, "sticky");
    for (const name of ["a", "b"]) await mkdir(join(source, name), { recursive: true });
    await writeFile(join(source, "b", "f"), "x");
    await chmod(join(source, "a"), 0o1755);
    await chmod(join(source, "b"), 0o2711);
    await chmod(join(source, "b", "f"), 0o604);
    await lftp(world, "passive", `mirror -R ${source} /sticky`);
    const modes = await Promise.all(
      ["a", "b", "b/f"].map(async (name) => (await stat(join(world.root, "sticky", name))).mode & 0o7777),
    );
    assert.deepEqual(modes, [0o755, 0o711, 0o604]);
  });

  test("basic-ftp performs many transfers in one session", async () => {
    await basicFtp(world, async (client) => {
      await client.ensureDir("/many");
      for (let index = 0; index < 20; index++) {
        await client.uploadFrom(Readable.from([`content ${index}`]), `f${index}`);
      }
      const entries = await client.list();
      assert.equal(entries.length, 20);
      assert.ok(
        entries.every((entry) => entry.isFile && entry.size === `content ${entry.name.slice(1)}`.length),
      );
      const chunks: Buffer[] = [];
      const sink = new Writable({
        write(chunk: Buffer, _, done) {
          chunks.push(chunk);
          done();
        },
      });
      await client.downloadTo(sink, "f7");
      assert.equal(Buffer.concat(chunks).toString(), "content 7");
    });
  });
});
