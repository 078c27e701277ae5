import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import type { EngineConfig } from "../../src/api/engine-config.ts";
import { hashPassword } from "../../src/api/password-hash.ts";
import { BUILD } from "../../src/common/version.ts";
import { listSessions } from "../../src/engine/admin/client.ts";
import { freePorts, likelyFreeRange } from "../cluster/free-ports.ts";
import { ENGINE_MAIN, EngineProcess } from "../support/engine/engine-process.ts";
import { testUser } from "../support/engine/server.ts";

const run = promisify(execFile);
/** Maximum time in which an engine reports a port that is in use. */
const STARTUP_MS = 60_000;

let directory: string;
let engine: EngineProcess;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "engine-process-"));
  await mkdir(join(directory, "files"));
});
after(() => rm(directory, { recursive: true, force: true }));

describe("the engine as a process", () => {
  before(async () => {
    engine = await EngineProcess.start(directory);
  });
  after(() => engine.kill());

  // id: metrics-and-logs
  it("serves its health and its metrics", async () => {
    using session = await engine.login();
    await session.command("NOOP", 200);
    assert.equal((await engine.page("/healthz")).status, 200);
    assert.equal((await engine.page("/readyz")).status, 200);
    assert.match((await engine.page("/metrics")).text, /^ftp_sessions 1$/m);
    assert.equal((await engine.page("/")).status, 404);
  });

  it("creates files and directories with the configured modes, regardless of its umask", async () => {
    const files = { fileMode: "0664", directoryMode: "2775" };
    const within = ["sh", "-c", 'umask 077; exec "$@"', "sh"];
    const sharing = await EngineProcess.start(directory, { files }, { within });
    using _ends = { [Symbol.dispose]: () => sharing.kill() };
    using session = await sharing.login();
    await session.command("MKD /shared", 257);
    const data = connect((await session.passive()).port, "127.0.0.1");
    await session.command("STOR /shared/file", 150);
    data.end("content");
    await session.reply(226);
    const modeOf = async (path: string): Promise<number> =>
      (await stat(join(sharing.root, path))).mode & 0o7777;
    assert.deepEqual([await modeOf("shared"), await modeOf("shared/file")], [0o2775, 0o664]);
  });

  it("reports its version in its first log line and in ftp_build_info", async () => {
    const [first] = engine.lines;
    assert.deepEqual(
      [first?.["msg"], first?.["version"], first?.["node"]],
      ["starting", BUILD.version, BUILD.node],
    );
    const labels = `version="${BUILD.version}",revision="",node_version="${BUILD.node}"`;
    assert.ok((await engine.page("/metrics")).text.includes(`\nftp_build_info{${labels}} 1\n`));
  });

  it("applies a new address, new passwords and new permissions to an open session", async () => {
    using session = await engine.login();
    assert.equal((await session.passive()).address, "127.0.0.1");
    const passive = { ...engine.config.passive, address: { type: "Static" as const, address: "192.0.2.1" } };
    const users = [testUser("alice", { passwordHash: await hashPassword("another"), permissions: ["List"] })];
    await engine.change({ generation: "second", passive, users });
    await engine.logged("configuration changed");
    assert.equal((await session.passive()).address, "192.0.2.1");
    await session.command("MKD /new", 550);
    await assert.rejects(engine.login("secret"));
    (await engine.login("another"))[Symbol.dispose]();
    assert.match((await engine.page("/metrics")).text, /ftp_config_info\{generation="second"\} 1/);
  });

  it("keeps the active configuration when the new configuration is invalid, and logs the reason", async () => {
    await writeFile(engine.file, "{");
    await engine.logged("configuration change rejected");
    (await engine.login("another"))[Symbol.dispose]();
    assert.match((await engine.page("/metrics")).text, /ftp_config_reloads_total\{result="Rejected"\} 1/);
  });

  it("never logs a password or a hash", () => {
    assert.doesNotMatch(engine.log, /secret|another|scrypt/);
  });
});

describe("SIGTERM", () => {
  it("finishes a running download, accepts no new session, and then exits with code 0", async () => {
    engine = await EngineProcess.start(directory);
    const { controlPort } = engine.config;
    const content = Buffer.alloc(3_000_000, "x");
    await mkdir(engine.root, { recursive: true });
    await writeFile(join(engine.root, "big"), content);
    const download = run(
      "curl",
      ["-sS", "--limit-rate", "1M", "-u", "alice:secret", `ftp://127.0.0.1:${controlPort}/big`],
      {
        encoding: "buffer",
        maxBuffer: 10_000_000,
      },
    );
    await engine.logged("logged in");
    engine.signal();
    await engine.logged("draining");
    assert.equal((await engine.page("/readyz")).status, 200);
    assert.match(await text(connect(controlPort, "127.0.0.1")), /^421 /);
    assert.deepEqual((await download).stdout, content);
    assert.equal(await engine.ended, 0);
  });

  it("ends sessions and their uploads before SIGKILL, regardless of the current drain period", async () => {
    engine = await EngineProcess.start(directory, {}, { engine: ["--drain-within", "1"] });
    await engine.change({ generation: "longer", drainPeriodSeconds: 3600 });
    await engine.logged("configuration changed");
    using session = await engine.login();
    const { address, port } = await session.passive();
    await using data = connect(port, address).on("error", () => undefined);
    await session.command("STOR /half", 150);
    data.write("half");
    engine.signal();
    await session.reply(421);
    assert.equal(await engine.ended, 0);
    assert.deepEqual(await readdir(engine.root), []);
  });

  it("causes an immediate exit with code 1 when it is sent twice", async () => {
    engine = await EngineProcess.start(directory);
    using _session = await engine.login();
    engine.signal();
    await engine.logged("draining");
    engine.signal();
    assert.equal(await engine.ended, 1);
  });
});

describe("at start", () => {
  let taken: EngineProcess;
  const socket = (): string => join(directory, "taken.sock");
  before(async () => {
    taken = await EngineProcess.start(directory, {}, { engine: ["--admin-socket", socket()] });
  });
  after(() => taken.kill());

  /** Starts an engine with a port or socket that another process already uses. Returns the error output. */
  async function startupError(change: Partial<EngineConfig>, ...args: string[]): Promise<string> {
    const file = join(directory, "taken.json");
    const [controlPort = 0, metricsPort = 0, first = 0] = await freePorts(3);
    const passive = { ...taken.config.passive, portRange: { first, last: first } };
    const config = { ...taken.config, controlPort, metricsPort, passive, ...change };
    await writeFile(file, JSON.stringify(config));
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const argv = [ENGINE_MAIN, "engine", "--config", file, ...args];
    execFile(process.execPath, argv, { timeout: STARTUP_MS }, (error, _, stderr) =>
      error === null ? reject(new Error("it started")) : resolve(stderr),
    );
    return await promise;
  }

  /** A port that another program uses, and the configuration that needs it. */
  interface TakenPort extends AsyncDisposable {
    name: string;
    port: number;
    setting: string;
    change: Partial<EngineConfig>;
  }

  /**
   * Fails unless the error names the port. Retries up to five times, because other programs can use the other ports of
   * the engine. Each attempt calls `take` again, so that it can choose other ports.
   */
  async function assertNamed(take: () => Promise<TakenPort>): Promise<void> {
    let said = "";
    let expected = "";
    for (let tries = 0; tries < 5 && (tries === 0 || said !== expected); tries++) {
      await using use = await take();
      expected = `error: ${use.name} ${use.port} is in use by another program: stop that program or change ${use.setting}\n`;
      said = await startupError(use.change);
    }
    assert.equal(said, expected);
  }

  /** The running engine uses the port. */
  const byEngine = (use: Omit<TakenPort, typeof Symbol.asyncDispose>) => (): Promise<TakenPort> =>
    Promise.resolve({ ...use, [Symbol.asyncDispose]: () => Promise.resolve() });

  /** Takes the last port of a range of `count` passive ports. */
  const lastOfRange = (count: number) => async (): Promise<TakenPort> => {
    const portRange = likelyFreeRange(count);
    const port = portRange.last;
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening").catch(() => undefined);
    return {
      name: "passive port",
      port,
      setting: "passive.portRange (spec.passive.portRange)",
      change: { passive: { ...taken.config.passive, portRange } },
      [Symbol.asyncDispose]: async () => {
        if (server.listening) await server[Symbol.asyncDispose]();
      },
    };
  };

  it("a port in use is named in one line, with the action", async () => {
    const { controlPort, metricsPort } = taken.config;
    await assertNamed(
      byEngine({
        name: "control port",
        port: controlPort,
        setting: "controlPort (--port of ftp-operator serve)",
        change: { controlPort },
      }),
    );
    await assertNamed(
      byEngine({
        name: "metrics port",
        port: metricsPort,
        setting: "metricsPort (--metrics-port of ftp-operator serve)",
        change: { metricsPort },
      }),
    );
    for (const count of [1, 2]) await assertNamed(lastOfRange(count));
  });

  it("the administration socket of a running engine is named and not replaced", async () => {
    assert.match(
      await startupError({}, "--admin-socket", socket()),
      /^error: --admin-socket \S+taken\.sock: another engine listens on this socket; stop that engine or set another path\n$/u,
    );
    assert.deepEqual(await listSessions(socket()), []);
  });
});
