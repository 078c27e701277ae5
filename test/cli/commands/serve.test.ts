import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { promisify } from "node:util";
import { Client } from "basic-ftp";
import { ftpOperator, program } from "../../support/cli/command-line.ts";
import { freePorts } from "../../cluster/free-ports.ts";
import { inTemporaryFolder } from "../../cluster/temporary.ts";
import { makeCertificate } from "../../support/engine/certificates.ts";
import { Serving } from "../../support/cli/serving.ts";

const ROOT = join(import.meta.dirname, "../../..");
const BASIC = join(ROOT, "examples/basic.yaml");
/** Of examples/basic.yaml. */
const PASSWORD = "change-me";
const NAMES = { user: "alice", secure: true, secureOptions: { rejectUnauthorized: false } };
const TEXT = ["--log-format", "text"];
const READY = "Press Ctrl-C to stop.";

/** Runs a line of shell; curl prints errors, and no progress. */
const shell = (line: string): Promise<{ stdout: string }> =>
  promisify(execFile)("bash", ["-c", line.replace(/^ *curl /, "curl -sS ")]);

/** The commands that the program tells people to try. */
const commandsIn = (text: string): string[] => text.match(/^ {2}curl .*$/gm) ?? [];

describe("ftp-operator serve", () => {
  it("serves the users, TLS and directory of a manifest, logs JSON without passwords, and ends with 0 at SIGTERM", async () => {
    await inTemporaryFolder(async (folder) => {
      const manifest = join(folder, "server.json");
      await writeFile(manifest, JSON.stringify(await tlsManifests()));
      const [metricsPort = 0] = await freePorts(1);
      const args = ["-f", manifest, "--directory", join(folder, "files"), `--metrics-port=${metricsPort}`];
      await using serving = await Serving.start(args, { ready: '"msg":"serving"' });
      const client = new Client();
      await client.access({ host: "127.0.0.1", port: serving.port, password: "wonderland", ...NAMES });
      await client.uploadFrom(manifest, "copy");
      client.close();
      assert.deepEqual(await readFile(join(folder, "files/alice/copy")), await readFile(manifest));
      assert.equal((await fetch(`http://127.0.0.1:${metricsPort}/readyz`)).status, 200);
      assert.equal(await serving.end("SIGTERM"), 0);
      const messages = serving.stdout
        .trim()
        .split("\n")
        .map((line): { msg: string } => JSON.parse(line));
      assert.equal(messages[0]?.msg, "starting");
      assert.doesNotMatch(serving.stdout + serving.stderr, /wonderland/);
    });
  });

  it("prints commands that work, a line for each event, and what became of the files at Ctrl-C", async () => {
    await using serving = await Serving.start(["-f", BASIC, ...TEXT], { ready: READY });
    const commands = commandsIn(serving.stdout);
    assert.equal(commands.length, 2, serving.stdout);
    for (const command of commands) await shell(command);
    const [, list = ""] = commands;
    await shell(`${list}basic.yaml`);
    await assert.rejects(shell(list.replace(PASSWORD, "wrong")));
    await assert.rejects(shell(`${list}missing`));
    const [, files = ""] = /^ {2}Files +(\S+),/m.exec(serving.stdout) ?? [];
    assert.ok(existsSync(join(files, "alice/basic.yaml")));
    assert.equal(await serving.end("SIGINT"), 0);
    const [welcome = "", log = ""] = serving.stdout.split(READY);
    assert.match(welcome, new RegExp(`^ {2}URL +ftp://127\\.0\\.0\\.1:${serving.port}/$`, "m"));
    assert.match(log, /^\d\d:\d\d:\d\d {2}alice +logged in from 127\.0\.0\.1$/m);
    assert.match(log, /^\S+ {2}alice +uploaded \/basic\.yaml \(530 B in \d+ ms\)$/m);
    assert.match(log, /^\S+ {2}alice +downloaded \/basic\.yaml \(530 B in \d+ ms\)$/m);
    assert.match(log, /^\S+ {2}alice +login failed from 127\.0\.0\.1$/m);
    assert.match(log, /^\S+ {2}alice +SIZE missing rejected: 550 No such file or directory$/m);
    assert.match(log, /\nStopped: 4 logins, 1 failed login, 1 upload \(530 B\), 1 download \(530 B\)\.\n/);
    assert.ok(log.endsWith(`\nRemoved ${files} with 1 file.\n`), log);
    assert.ok(!existsSync(files));
    assert.ok(!log.includes(PASSWORD));
    assert.equal(serving.stderr, "");
  });

  it("keeps the files of --directory", async () => {
    await inTemporaryFolder(async (folder) => {
      const files = join(folder, "files");
      await using serving = await Serving.start(["-f", BASIC, "--directory", files, ...TEXT], {
        ready: READY,
      });
      await shell(commandsIn(serving.stdout)[0] ?? "");
      await serving.end("SIGINT");
      assert.ok(serving.stdout.endsWith(`\nThe files are in ${files}.\n`), serving.stdout);
      assert.ok(existsSync(join(files, "alice/basic.yaml")));
    });
  });

  it("prints commands with TLS, and listens at the address of --host only", async () => {
    await inTemporaryFolder(async (folder) => {
      const manifest = join(folder, "server.json");
      await writeFile(manifest, JSON.stringify(await tlsManifests()));
      const args = ["-f", manifest, "--host", "127.0.0.2", ...TEXT];
      await using serving = await Serving.start(args, { ready: READY });
      const [upload = "", list = ""] = commandsIn(serving.stdout);
      assert.match(upload, /--ssl-reqd --insecure .*@127\.0\.0\.2:/);
      await shell(upload);
      assert.match((await shell(list)).stdout, /server\.json/);
      await assert.rejects(shell(list.replace("127.0.0.2", "127.0.0.1")), /curl: \(7\)/);
    });
  });

  it("prints no password that comes in base64", async () => {
    await inTemporaryFolder(async (folder) => {
      const manifest = join(folder, "basic.yaml");
      const text = (await readFile(BASIC, "utf8")).replace("stringData:", "data:");
      const encoded = Buffer.from(PASSWORD).toString("base64");
      await writeFile(manifest, text.replace(/username: .*/, "").replace(PASSWORD, encoded));
      await using serving = await Serving.start(["-f", manifest, ...TEXT], { ready: READY });
      assert.match(serving.stdout, /^ {2}curl --user alice ftp:/m);
      assert.doesNotMatch(serving.stdout, /change-me|password/);
    });
  });

  it("says in one sentence what to add when a user has no password", async () => {
    await inTemporaryFolder(async (folder) => {
      const manifest = join(folder, "server.yaml");
      await writeFile(manifest, (await readFile(BASIC, "utf8")).split("---")[0] ?? "");
      await using serving = await Serving.start(["-f", manifest, ...TEXT], { ready: READY });
      assert.equal(
        serving.stderr,
        "ftp-operator serve: user alice cannot log in because Secret alice is not among the manifests: " +
          "add its file with another -f (`ftp-operator users hash --secret alice` prints one)\n",
      );
    });
  });
});

test("serve shows sessions when the manifest logs warnings only", async () => {
  await inTemporaryFolder(async (folder) => {
    const manifest = join(folder, "basic.yaml");
    await writeFile(
      manifest,
      (await readFile(BASIC, "utf8")).replace("spec:", "spec:\n  logging: {level: Warn}"),
    );
    await using serving = await Serving.start(["-f", manifest, ...TEXT], { ready: READY });
    await shell(commandsIn(serving.stdout)[0] ?? "");
    assert.equal(await serving.end("SIGINT"), 0);
    assert.match(serving.stdout, / alice +uploaded \/basic\.yaml /);
    assert.match(serving.stdout, /\nStopped: 1 login, 1 upload /);
  });
});

test("serve removes its folder, which only its owner can read, at a signal before the server is ready", async () => {
  await inTemporaryFolder(async (folder) => {
    for (const signal of ["SIGINT", "SIGHUP"] as const) {
      // It waits for the manifest.
      const args = [program("main"), "serve", "-f", "-"];
      const child = spawn(process.execPath, args, { env: { ...process.env, TMPDIR: folder } });
      const ended = once(child, "close");
      let made: string | undefined;
      while (made === undefined && child.exitCode === null) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        [made] = await readdir(folder);
      }
      assert.ok(made !== undefined);
      assert.equal((await stat(join(folder, made))).mode & 0o777, 0o700);
      child.kill(signal);
      assert.deepEqual(await ended, [0, null]);
      assert.deepEqual(await readdir(folder), []);
    }
  });
});

/** A port of 127.0.0.1 that is taken until the test ends. */
class TakenPort {
  readonly #server: Server = createServer();

  async take(): Promise<number> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    assert.ok(typeof address === "object" && address);
    return address.port;
  }

  [Symbol.dispose](): void {
    this.#server.close();
  }
}

test("serve names each port that is in use and one that works instead, and ends with 2", async () => {
  using control = new TakenPort();
  using passive = new TakenPort();
  const [port, second] = [await control.take(), await passive.take()];
  const args = ["serve", "-f", BASIC, `--port=${port}`, `--passive-ports=${second}-${second}`];
  const { code, stdout, stderr } = await ftpOperator(args);
  assert.deepEqual([code, stdout], [2, ""]);
  const [first = "", other = "", ...more] = stderr.trim().split("\n");
  assert.deepEqual(more, []);
  const taken = "is in use by another program: end that program, or write";
  const [, free] =
    new RegExp(`control port ${port} ${taken} --port (\\d+) \\(make serve PORT=\\1\\)$`).exec(first) ?? [];
  assert.ok(Number(free) > port, first);
  assert.match(
    other,
    new RegExp(`passive port ${second} ${taken} --passive-ports (\\d+) \\(make serve PASSIVE_PORTS=\\1\\)$`),
  );
});

test("serve rejects an address that this machine does not have", async () => {
  const [port = 0] = await freePorts(1);
  const args = ["serve", "-f", BASIC, `--port=${port}`, "--host", "192.0.2.1"];
  const { code, stderr } = await ftpOperator(args);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    "ftp-operator serve: --host 192.0.2.1 is not an address of this machine: write 127.0.0.1, or 0.0.0.0 for all addresses\n",
  );
});

/** A server that wants TLS, with all that it needs. */
async function tlsManifests(): Promise<object> {
  const { certificateFile, keyFile } = await makeCertificate({ commonName: "localhost" });
  const [certificate, key] = await Promise.all([
    readFile(certificateFile, "utf8"),
    readFile(keyFile, "utf8"),
  ]);
  const secret = (name: string, stringData: object): object => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name },
    stringData,
  });
  const server = {
    apiVersion: "ftp-operator.io/v1alpha1",
    kind: "FtpServer",
    metadata: { name: "local" },
    spec: {
      tls: { mode: "Required", certificateRef: { name: "certificate" } },
      users: [{ name: "alice", passwordSecretRef: { name: "alice" } }],
    },
  };
  const items = [
    server,
    secret("alice", { password: "wonderland" }),
    secret("certificate", { "tls.crt": certificate, "tls.key": key }),
  ];
  return { apiVersion: "v1", kind: "List", items };
}
