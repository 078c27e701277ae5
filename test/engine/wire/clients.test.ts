import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { after, before, describe, test } from "node:test";
import { Client } from "basic-ftp";
import { DirectoryTree } from "../../../src/engine/storage/directory-tree.ts";
import { runProgram } from "./run-program.ts";
import { startServer, type TestServer } from "./server.ts";

/** Whether loopback has IPv6. */
const hasIpv6 = networkInterfaces()["lo"]?.some(({ family }) => family === "IPv6") === true;

const MODES = ["passive", "active"] as const;
type Mode = (typeof MODES)[number];

/** One real client: how it does each job over a data connection of either kind. */
interface RealClient {
  name: string;
  modes: readonly Mode[];
  upload?(world: World, mode: Mode, name: string): Promise<void>;
  download(world: World, mode: Mode, name: string): Promise<void>;
  list(world: World, mode: Mode): Promise<string>;
}

/** Where clients work: their files in `directory`, the server at `url`, its files in `root`. */
interface World {
  directory: string;
  root: string;
  server: TestServer;
  port: number;
  url: string;
}

const PYTHON = `
import sys, ftplib
port, passive, job, name, path = int(sys.argv[1]), sys.argv[2] == 'passive', *sys.argv[3:6]
ftp = ftplib.FTP()
ftp.connect('127.0.0.1', port, timeout=10)
ftp.login('alice', 'secret')
ftp.set_pasv(passive)
if job == 'upload': ftp.storbinary('STOR ' + name, open(path, 'rb'))
if job == 'download': ftp.retrbinary('RETR ' + name, open(path, 'wb').write)
if job == 'list':
    print('\\n'.join(sorted(ftp.nlst())))
    assert {n for n, _ in ftp.mlsd()} == set(ftp.nlst())
ftp.quit()
`;

function python(world: World, mode: Mode, ...[job, name = "", path = ""]: string[]): Promise<string> {
  return runProgram("python3", "-c", PYTHON, String(world.port), mode, job ?? "", name, path);
}

function curl(mode: Mode, ...args: string[]): Promise<string> {
  return runProgram(
    "curl",
    "-sS",
    "--user",
    "alice:secret",
    ...(mode === "active" ? ["--ftp-port", "-"] : []),
    ...args,
  );
}

function lftp(world: World, mode: Mode, commands: string): Promise<string> {
  const settings = `set cmd:fail-exit yes; set net:max-retries 1; set ftp:passive-mode ${mode === "passive" ? "on" : "off"}`;
  return runProgram("lftp", "-c", `${settings}; open -u alice,secret ${world.url}; ${commands}`);
}

async function basicFtp<T>(world: World, job: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(10_000);
  try {
    await client.access({ host: "127.0.0.1", port: world.port, user: "alice", password: "secret" });
    return await job(client);
  } finally {
    client.close();
  }
}

const CLIENTS: readonly RealClient[] = [
  {
    name: "curl",
    modes: MODES,
    upload: async ({ directory, url }, mode, name) =>
      void (await curl(mode, "-T", join(directory, name), `${url}/`)),
    download: async ({ directory, url }, mode, name) =>
      void (await curl(mode, "-o", join(directory, name), `${url}/${name}`)),
    list: ({ url }, mode) => curl(mode, `${url}/`),
  },
  {
    name: "lftp",
    modes: MODES,
    upload: async (world, mode, name) => void (await lftp(world, mode, `put ${join(world.directory, name)}`)),
    download: async (world, mode, name) =>
      void (await lftp(world, mode, `get -O ${world.directory} ${name}`)),
    list: (world, mode) => lftp(world, mode, "ls"),
  },
  {
    name: "wget",
    modes: MODES,
    download: async ({ directory, url }, mode, name) => {
      const login = ["--user=alice", "--password=secret", ...(mode === "active" ? ["--no-passive-ftp"] : [])];
      await runProgram("wget", "-q", ...login, "-O", join(directory, name), `${url}/${name}`);
    },
    list: async ({ directory, url }, mode) => {
      const login = ["--user=alice", "--password=secret", ...(mode === "active" ? ["--no-passive-ftp"] : [])];
      await runProgram("wget", "-q", ...login, "-O", join(directory, "index.html"), `${url}/`);
      return await readFile(join(directory, "index.html"), "utf8");
    },
  },
  {
    name: "Python ftplib",
    modes: MODES,
    upload: async (world, mode, name) =>
      void (await python(world, mode, "upload", name, join(world.directory, name))),
    download: async (world, mode, name) =>
      void (await python(world, mode, "download", name, join(world.directory, name))),
    list: (world, mode) => python(world, mode, "list"),
  },
  {
    name: "basic-ftp",
    modes: ["passive"],
    upload: (world, _, name) =>
      basicFtp(world, async (client) => void (await client.uploadFrom(join(world.directory, name), name))),
    download: (world, _, name) =>
      basicFtp(world, async (client) => void (await client.downloadTo(join(world.directory, name), name))),
    list: (world) =>
      basicFtp(world, async (client) => (await client.list()).map(({ name }) => name).join("\n")),
  },
];

describe("real clients", () => {
  const content = randomBytes(3_000_017);
  const sum = createHash("sha256").update(content).digest("hex");
  let world: World;
  let tree: DirectoryTree;

  before(async () => {
    const directory = await mkdtemp(join(tmpdir(), "ftp-clients-"));
    const root = join(directory, "root");
    await mkdir(root);
    tree = new DirectoryTree(root);
    const storage = await tree.openHome("/");
    const server = await startServer({ storage, config: { active: { mode: "Enabled" } } });
    const port = server.server.controlPort;
    world = { directory, root, server, port, url: `ftp://127.0.0.1:${port}` };
  });

  after(async () => {
    await world.server.server.close();
    await tree.close();
    await rm(world.directory, { recursive: true });
  });

  for (const client of CLIENTS) {
    for (const mode of client.modes) {
      const name = `${client.name.replace(" ", "-")}-${mode}.bin`;

      test(`${client.name}, ${mode}: uploads, lists and downloads`, async () => {
        const path = join(world.directory, name);
        await writeFile(path, content);
        if (client.upload === undefined) await writeFile(join(world.root, name), content);
        else await client.upload(world, mode, name);
        assert.ok((await readFile(join(world.root, name))).equals(content), "what arrived");
        assert.ok((await client.list(world, mode)).includes(name), "listing");
        await rm(path);
        await client.download(world, mode, name);
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
    await curl("passive", "-C", "-", "-o", path, `${world.url}/resume.bin`);
    assert.ok((await readFile(path)).equals(content));
    await writeFile(join(world.root, "resume.bin"), content.subarray(0, 2_000_001));
    await curl("passive", "-C", "-", "-T", path, `${world.url}/resume.bin`);
    assert.ok((await readFile(join(world.root, "resume.bin"))).equals(content));
  });

  for (const mode of MODES) {
    test(`curl over IPv6, ${mode}`, { skip: !hasIpv6 && "this machine has no IPv6" }, async () => {
      await writeFile(join(world.root, "six"), "6");
      assert.equal(await curl(mode, `ftp://[::1]:${world.port}/six`), "6");
    });
  }

  test("curl moves text both ways in TYPE A", async () => {
    await writeFile(join(world.root, "text"), "one\ntwo\n");
    assert.equal(await curl("passive", "--use-ascii", `${world.url}/text`), "one\ntwo\n");
    const path = join(world.directory, "text");
    await writeFile(path, "three\nfour");
    await curl("passive", "--use-ascii", "-T", path, `${world.url}/back`);
    assert.equal(await readFile(join(world.root, "back"), "utf8"), "three\nfour");
  });

  test("lftp mirrors a tree with odd names, changes it and takes it away", async () => {
    const source = join(world.directory, "tree");
    await runProgram("mkdir", "-p", join(source, "ä b", "deep"));
    await writeFile(join(source, "ä b", "deep", 'quo"te, 100%'), "x");
    await writeFile(join(source, " lead"), "y");
    await lftp(world, "passive", `mirror -R ${source} /tree; mv /tree/\\ lead /tree/led`);
    assert.equal(await readFile(join(world.root, 'tree/ä b/deep/quo"te, 100%'), "utf8"), "x");
    assert.equal(await readFile(join(world.root, "tree/led"), "utf8"), "y");
    await lftp(world, "passive", "rm -r /tree");
    await assert.rejects(readdir(join(world.root, "tree")));
  });

  test("basic-ftp keeps one session for many transfers", async () => {
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
