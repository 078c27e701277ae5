/** Tests volumes to which an unprivileged engine cannot write. */
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { EngineUser, Permission } from "../../../src/api/engine-config.ts";
import { type EngineReport, parseReport, type VolumeReport } from "../../../src/api/engine-report.ts";
import { hashPassword } from "../../../src/api/password-hash.ts";
import { BUILD } from "../../../src/common/version.ts";
import { run } from "../../cluster/run.ts";
import { waitUntil } from "../../cluster/wait.ts";
import { EngineProcess } from "../../support/engine/engine-process.ts";
import { testUser } from "../../support/engine/server.ts";

const isRoot = process.getuid?.() === 0;
/**
 * Command prefix that removes all capabilities. Without capabilities, root has the same file permissions as an ordinary
 * user.
 */
const UNPRIVILEGED = isRoot ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : [];
/** Time in milliseconds that is longer than the interval between two checks of a volume that is not writable. */
const RECOVERY_MILLISECONDS = 60_000;

let directory: string;
let passwordHash: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "storage-readiness-"));
  passwordHash = await hashPassword("secret");
});
after(async () => {
  // Without write permission, an ordinary user cannot remove the files in a directory.
  await run(["chmod", "-R", "u+rwx", directory]);
  await rm(directory, { recursive: true });
});

/**
 * An engine whose volume is a new directory with the given mode. Before the engine starts, the shell command `fill`
 * prepares the volume $volume.
 */
class Volume implements Disposable {
  readonly engine: EngineProcess;
  readonly path: string;

  private constructor(engine: EngineProcess, path: string) {
    this.engine = engine;
    this.path = path;
  }

  static async serve(
    mode: number,
    { user = {}, fill }: { user?: Partial<EngineUser>; fill?: string } = {},
  ): Promise<Volume> {
    const path = await mkdtemp(join(directory, "volume-"));
    await mkdir(join(path, "prepared"));
    await chmod(path, mode);
    const script = `volume=${path}; ${fill}; exec "$@"`;
    const prepare =
      fill === undefined ? [] : ["unshare", "--mount", "--propagation", "private", "sh", "-ec", script, "sh"];
    const users = [testUser("alice", { passwordHash, homeDirectory: "/alice", ...user })];
    const within = [...prepare, ...UNPRIVILEGED];
    const engine = await EngineProcess.start(directory, { storage: { root: path }, users }, { within });
    return new Volume(engine, path);
  }

  /** Returns the response to a `/readyz` request. */
  async readiness(): Promise<{ status: number; report: EngineReport & { storage: VolumeReport } }> {
    const { status, text } = await this.engine.page("/readyz");
    const report = parseReport(text);
    assert.ok(report?.storage.type === undefined && report !== undefined, text);
    assert.equal(status, report.ready ? 200 : 503);
    return { status, report: { ...report, storage: report.storage } };
  }

  async stateIs(state: string): Promise<void> {
    await waitUntil(state, RECOVERY_MILLISECONDS, async () =>
      assert.equal((await this.readiness()).report.storage.state, state),
    );
  }

  async metric(line: string): Promise<void> {
    const { text } = await this.engine.page("/metrics");
    assert.ok(text.includes(`\n${line}\n`), line);
  }

  async loginFails(reply: string): Promise<void> {
    await assert.rejects(this.engine.login(), ({ message }: Error) => message.includes(reply));
  }

  [Symbol.dispose](): void {
    this.engine.kill();
  }
}

describe("an engine", () => {
  it("is ready and reports its version and IDs when its volume can be written", async () => {
    using volume = await Volume.serve(0o700);
    const { status, report } = await volume.readiness();
    assert.equal(status, 200);
    assert.equal(report.version, BUILD.version);
    const { state, path, uid, root } = report.storage;
    const own = process.getuid?.();
    assert.deepEqual([state, path, uid, root?.uid, root?.mode], ["Writable", volume.path, own, own, "0700"]);
    await volume.metric('ftp_storage_state{state="Writable"} 1');
  });

  it("stays ready and rejects the login when a file has the path of the home directory", async () => {
    using volume = await Volume.serve(0o700);
    await writeFile(join(volume.path, "alice"), "");
    await volume.loginFails("530 Home directory not available: Not a directory.");
    await volume.metric('ftp_logins_total{result="HomeUnavailable"} 1');
    await volume.engine.logged("login failed: home directory not available", { reason: "HomeUnavailable" });
    assert.equal((await volume.readiness()).status, 200);
  });

  it("is not ready and rejects logins until it can write to its volume", async () => {
    // A directory without write bits in its mode has the same effect as a directory with another owner.
    using volume = await Volume.serve(0o555);
    const { status, report } = await volume.readiness();
    assert.equal(status, 503);
    const { state, code, step, root } = report.storage;
    assert.deepEqual([state, code, step, root?.mode], ["NotWritable", "EACCES", "create", "0555"]);
    await volume.loginFails("530 Cannot create the home directory: Permission denied.");
    await volume.metric('ftp_logins_total{result="StorageNotWritable"} 1');
    await volume.metric('ftp_storage_state{state="NotWritable"} 1');
    await volume.engine.logged("login failed: home directory not available", {
      reason: "StorageNotWritable",
    });
    await chmod(volume.path, 0o755);
    await volume.stateIs("Writable");
    (await volume.engine.login())[Symbol.dispose]();
  });

  it("starts without being ready when its volume cannot be opened, and serves when it can", async () => {
    using volume = await Volume.serve(0o000);
    const { status, report } = await volume.readiness();
    assert.deepEqual([status, report.storage.state, report.storage.step], [503, "NotWritable", "open"]);
    await volume.loginFails("530 Cannot open the storage: Permission denied.");
    await chmod(volume.path, 0o755);
    await volume.stateIs("Writable");
    (await volume.engine.login())[Symbol.dispose]();
  });

  it("is ready with a volume that cannot be written when no account writes", async () => {
    const permissions: Permission[] = ["List", "Read"];
    using volume = await Volume.serve(0o555, { user: { permissions, homeDirectory: "/prepared" } });
    const { status, report } = await volume.readiness();
    assert.deepEqual([status, report.storage.state], [200, "NotNeeded"]);
    (await volume.engine.login())[Symbol.dispose]();
    // The second account has write permissions.
    const users = [...volume.engine.config.users, testUser("bob", { homeDirectory: "/bob", passwordHash })];
    await volume.engine.change({ users });
    await volume.stateIs("NotWritable");
  });

  it("is ready but creates no homes when only the existing homes of its volume are writable", async () => {
    const bob = { homeDirectory: "/prepared" };
    using volume = await Volume.serve(0o555, { user: bob });
    const { status, report } = await volume.readiness();
    assert.deepEqual([status, report.storage.state, report.storage.code], [200, "RootNotWritable", "EACCES"]);
    using session = await volume.engine.login();
    await session.command("MKD new", 257);
  });

  it("is not ready when its volume is read-only", { skip: !isRoot }, async () => {
    using volume = await Volume.serve(0o755, { fill: "mount -t tmpfs -o ro tmpfs $volume" });
    const { status, report } = await volume.readiness();
    assert.deepEqual([status, report.storage.state, report.storage.code], [503, "ReadOnly", "EROFS"]);
    await volume.loginFails("530 Cannot create the home directory: Read-only file system.");
  });

  it("stays ready when its volume is full, and accepts uploads after a client has removed files", {
    skip: !isRoot,
  }, async () => {
    const fill =
      "mount -t tmpfs -o size=64k tmpfs $volume; head -c 60k /dev/zero >$volume/large; " +
      "cat /dev/zero >>$volume/large 2>/dev/null || true";
    using volume = await Volume.serve(0o755, { fill, user: { homeDirectory: "/" } });
    const { status, report } = await volume.readiness();
    assert.deepEqual([status, report.storage.state, report.storage.code], [200, "Full", "ENOSPC"]);
    using session = await volume.engine.login();
    await session.command("SIZE large", 550);
    await session.command("TYPE I", 200);
    await session.command("SIZE large", 213);
    await session.command("DELE large", 250);
    await volume.stateIs("Writable");
  });
});
