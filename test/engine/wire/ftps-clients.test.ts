import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { openTree } from "../../support/engine/open-tree.ts";
import { finish, run } from "../../cluster/run.ts";
import { startTlsServer, type TlsServer } from "../../support/engine/tls-world.ts";
import { testConfig } from "../../support/engine/server.ts";

const FILES = 60;
const FILE_BYTES = 40_000;
const TIMEOUT = 60_000;

interface World extends AsyncDisposable {
  tls: TlsServer;
  /** Storage root directory of the engine. */
  root: string;
  /** Local directory of a client. */
  directory: string;
}

async function startWorld(ports: number, change: Parameters<typeof startTlsServer>[0] = {}): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), "ftps-clients-"));
  const root = join(directory, "root");
  await mkdir(root);
  const tree = await openTree(root, () => testConfig().uploads);
  const tls = await startTlsServer(change, { storage: await tree.openHome("/"), passivePortCount: ports });
  return {
    tls,
    root,
    directory,
    async [Symbol.asyncDispose]() {
      await tls[Symbol.asyncDispose]();
      await tree.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** An FTPS client that runs parallel transfers with one TLS session cache. */
interface ParallelClient {
  name: string;
  /** Uploads files from a directory. */
  up(world: World, folder: string, names: readonly string[]): Promise<unknown>;
  down(world: World, folder: string, names: readonly string[]): Promise<unknown>;
}

function url({ tls }: World, name = ""): string {
  return `ftp://127.0.0.1:${tls.engine.controlPort}/${name}`;
}

function curl(...args: string[]): Promise<string> {
  return run(["curl", "-sSk", "--ssl-reqd", "-u", "alice:secret", ...args], { timeout: TIMEOUT });
}

async function rclone({ tls }: World, ...args: string[]): Promise<string> {
  const password = (await run(["rclone", "obscure", "secret"])).trim();
  const server = [
    "--ftp-host",
    "127.0.0.1",
    "--ftp-port",
    `${tls.engine.controlPort}`,
    "--ftp-user",
    "alice",
  ];
  const rest = [
    "--ftp-pass",
    password,
    "--ftp-explicit-tls",
    "--ftp-no-check-certificate",
    "--transfers",
    "4",
  ];
  return await run(["rclone", "--config", "/dev/null", "--retries", "1", ...server, ...rest, ...args], {
    timeout: TIMEOUT,
  });
}

const CURL: ParallelClient = {
  name: "curl -Z",
  up: (world, folder, names) =>
    curl(
      "-Z",
      "--parallel-max",
      "8",
      ...names.flatMap((name) => ["-T", join(folder, name), url(world, name)]),
    ),
  down: (world, folder, names) =>
    curl(
      "-Z",
      "--parallel-max",
      "8",
      ...names.flatMap((name) => ["-o", join(folder, name), url(world, name)]),
    ),
};

const RCLONE: ParallelClient = {
  name: "rclone --transfers 4",
  up: (world, folder) => rclone(world, "copy", folder, ":ftp:"),
  down: (world, folder) => rclone(world, "copy", ":ftp:", folder),
};

async function isThere(program: string): Promise<boolean> {
  return await finish([program, "--version"]).then(
    ({ code }) => code === 0,
    () => false,
  );
}

describe("FTPS clients that share one TLS session cache among parallel sessions", async () => {
  const names = Array.from({ length: FILES }, (_, index) => `file-${index}`);
  const contents = new Map(names.map((name) => [name, randomBytes(FILE_BYTES)]));
  const hasRclone = await isThere("rclone");

  async function assertWhole(folder: string): Promise<void> {
    for (const [name, content] of contents)
      assert.ok((await readFile(join(folder, name))).equals(content), `${name} is what was sent`);
  }

  for (const client of [CURL, RCLONE])
    for (const ports of [10, 2]) {
      const skip = client === RCLONE && !hasRclone && "rclone is not installed";
      test(`${client.name} transfers every file correctly over ${ports} ports`, { skip }, async () => {
        await using world = await startWorld(ports);
        const [sent, got] = [join(world.directory, "sent"), join(world.directory, "got")];
        await Promise.all([sent, got].map((folder) => mkdir(folder)));
        for (const [name, content] of contents) await writeFile(join(sent, name), content);
        await client.up(world, sent, names);
        await assertWhole(world.root);
        await client.down(world, got, names);
        await assertWhole(got);
      });
    }
});

describe("sessionReuse with real clients", () => {
  let required: World;
  let preferred: World;

  before(async () => {
    required = await startWorld(4, { sessionReuse: "Required" });
    preferred = await startWorld(4, { sessionReuse: "Preferred" });
    for (const { root, directory } of [required, preferred]) {
      await writeFile(join(root, "there.txt"), "what is there");
      await writeFile(join(directory, "empty"), "");
    }
  });

  after(async () => {
    await required[Symbol.asyncDispose]();
    await preferred[Symbol.asyncDispose]();
  });

  function lftp(world: World, commands: string): Promise<string> {
    const settings =
      "set ssl:verify-certificate no; set ftp:ssl-force yes; set ftp:ssl-protect-data yes; set net:max-retries 1; ";
    return run(
      ["lftp", "-c", `${settings}set cmd:fail-exit yes; open -u alice,secret ${url(world)}; ${commands}`],
      {
        timeout: TIMEOUT,
      },
    );
  }

  function ftplib(world: World): Promise<string> {
    const script = [
      "import ftplib, ssl",
      "context = ssl.create_default_context()",
      "context.check_hostname = False",
      "context.verify_mode = ssl.CERT_NONE",
      "ftp = ftplib.FTP_TLS(context=context)",
      `ftp.connect("127.0.0.1", ${world.tls.engine.controlPort}, timeout=10)`,
      'ftp.login("alice", "secret")',
      "ftp.prot_p()",
      "try:",
      '  ftp.retrlines("RETR there.txt")',
      // The client reports either the reply or the closed connection.
      "except ftplib.Error as error:",
      "  print(str(error)[:3])",
      "except OSError:",
      "  print(ftp.getline()[:3])",
    ];
    return run(["python3", "-c", script.join("\n")], { timeout: TIMEOUT });
  }

  for (const [version, options] of [
    ["1.2", ["--tls-max", "1.2"]],
    ["1.3", ["--tlsv1.3"]],
  ] as const) {
    const names = ["one", "two", "three", "four"];

    async function downloads(world: World): Promise<void> {
      for (const name of names) await writeFile(join(world.root, name), name);
      const got = await curl(...options, ...names.map((name) => url(world, name)));
      assert.equal(got, names.join(""));
    }

    test(`Preferred serves many files to curl in one session with TLS ${version}`, async () => {
      await downloads(preferred);
      for (const name of names) await writeFile(join(preferred.directory, `up-${name}`), name);
      const files = names.map((name) => join(preferred.directory, `up-${name}`)).join(",");
      await curl(...options, "-T", `{${files}}`, url(preferred));
      for (const name of names)
        assert.equal(await readFile(join(preferred.root, `up-${name}`), "utf8"), name);
    });

    test(`Required serves many files to curl in one session with TLS ${version}`, () => downloads(required));
  }

  test("Required serves lftp, which resumes on every data connection, even for an empty upload", async () => {
    assert.equal(await lftp(required, "cat there.txt"), "what is there");
    await lftp(required, `put ${join(required.directory, "empty")}`);
    assert.equal((await readFile(join(required.root, "empty"))).length, 0);
  });

  test("Preferred serves ftplib, which never resumes, and Required rejects it with 425", async () => {
    assert.equal((await ftplib(preferred)).trim(), "what is there");
    assert.equal((await ftplib(required)).trim(), "425");
  });
});
