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
/** Password of the user in examples/basic.yaml. */
const PASSWORD = "change-me";
const NAMES = { user: "alice", secure: true, secureOptions: { rejectUnauthorized: false } };
const TEXT = ["--log-format", "text"];
const READY = "Press Ctrl-C to stop.";

/** Runs a shell command. Adds curl options that hide the progress and print errors. */
const shell = (line: string): Promise<{ stdout: string }> =>
  promisify(execFile)("bash", ["-c", line.replace(/^ *curl /, "curl -sS ")]);

/** Returns the example commands that `serve` prints. */
const commandsIn = (text: string): string[] => text.match(/^ {2}curl .*$/gm) ?? [];

describe("ftp-operator serve", () => {
  it("serves the users, TLS and directory of a manifest, logs JSON without passwords, and exits with code 0 on SIGTERM", async () => {
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

  it("prints commands that work, a line for each event, and a message about the removal of the files after Ctrl-C", async () => {
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
    const { size } = await stat(BASIC);
    assert.match(log, new RegExp(`^\\S+ {2}alice +uploaded /basic\\.yaml \\(${size} B in \\d+ ms\\)$`, "m"));
    assert.match(
      log,
      new RegExp(`^\\S+ {2}alice +downloaded /basic\\.yaml \\(${size} B in \\d+ ms\\)$`, "m"),
    );
    assert.match(log, /^\S+ {2}alice +login failed from 127\.0\.0\.1$/m);
    assert.match(log, /^\S+ {2}alice +SIZE missing rejected: 550 /m);
    assert.ok(
      log.includes(`\nStopped: 4 logins, 1 failed login, 1 upload (${size} B), 1 download (${size} B).\n`),
    );
    assert.ok(log.endsWith(`\nRemoved ${files} with 1 file.\n`), log);
    assert.ok(!existsSync(files));
    assert.ok(!log.includes(PASSWORD));
    assert.equal(serving.stderr, "");
  });

  it("keeps the files in --directory", async () => {
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

  it("prints commands with TLS and listens only on the address of --host", async () => {
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

  it("prints no password that the manifest contains in base64", async () => {
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

  it("warns about a user without a password Secret", async () => {
    await inTemporaryFolder(async (folder) => {
      const manifest = join(folder, "server.yaml");
      await writeFile(manifest, (await readFile(BASIC, "utf8")).split("---")[0] ?? "");
      await using serving = await Serving.start(["-f", manifest, ...TEXT], { ready: READY });
      assert.equal(
        serving.stderr,
        "warning: user alice cannot log in because Secret alice is not in the manifests; " +
          "add the file of the Secret with -f, or create the Secret with `ftp-operator users hash --secret alice`\n",
      );
    });
  });
});

test("serve prints sessions even when the manifest sets the log level Warn", async () => {
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

test("serve removes its private folder when a signal arrives before it is ready", async () => {
  await inTemporaryFolder(async (folder) => {
    for (const signal of ["SIGINT", "SIGHUP"] as const) {
      // The `serve` process waits for a manifest on standard input, to which this test writes nothing.
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

/** A port on 127.0.0.1 that is in use until disposal. */
class PortInUse {
  readonly #server: Server = createServer();

  async bind(): Promise<number> {
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

test("serve reports each port in use with a free port, and exits with code 2", async () => {
  using control = new PortInUse();
  using passive = new PortInUse();
  const [port, passivePort] = [await control.bind(), await passive.bind()];
  const args = ["serve", "-f", BASIC, `--port=${port}`, `--passive-ports=${passivePort}-${passivePort}`];
  const { code, stdout, stderr } = await ftpOperator(args);
  assert.deepEqual([code, stdout], [2, ""]);
  const [first, second, hint = "", ...others] = stderr.trim().split("\n");
  assert.deepEqual(others, []);
  assert.equal(first, `error: control port in use by another program: ${port}`);
  assert.equal(second, `error: passive port in use by another program: ${passivePort}`);
  const [, free] =
    /^hint: use --port (\d+) \(make serve PORT=\1\); use --passive-ports (\d+) \(make serve PASSIVE_PORTS=\2\)$/.exec(
      hint,
    ) ?? [];
  assert.ok(Number(free) > port, hint);
});

test("the test support starts serve on other ports when a port is in use", async () => {
  using used = new PortInUse();
  const ports = [await used.bind()];
  await using serving = await Serving.start([], {
    ready: READY,
    argv: ({ port, passive }) => {
      const args = [`--port=${ports.pop() ?? port}`, `--passive-ports=${passive}`];
      return [process.execPath, program("main"), "serve", "-f", BASIC, ...TEXT, ...args];
    },
  });
  assert.match(serving.stdout, new RegExp(`:${serving.port}/`));
});

test("serve rejects an address that this machine does not have", async () => {
  const [port = 0] = await freePorts(1);
  const args = ["serve", "-f", BASIC, `--port=${port}`, "--host", "192.0.2.1"];
  const { code, stderr } = await ftpOperator(args);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    "error: not an address of this machine: 192.0.2.1\n" +
      "hint: set --host to 127.0.0.1, or to 0.0.0.0 for all addresses\n",
  );
});

/** Returns an FtpServer that requires TLS, and its Secrets. */
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
