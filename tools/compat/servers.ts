/**
 * Starts the engine and vsftpd on the loopback interface. The vsftpd program comes from a Debian package in the cache.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { unpackDebian } from "../bench/install.ts";
import { openTree } from "../../test/support/engine/open-tree.ts";
import { cacheFolder } from "../../test/cluster/cache.ts";
import { endWithUs } from "../../test/cluster/run.ts";
import { makeTemporaryFolder } from "../../test/cluster/temporary.ts";
import { startServer, testUser } from "../../test/support/engine/server.ts";
import { play } from "./player.ts";
import type { Probe } from "./probes.ts";

const START_MILLISECONDS = 10_000;

/** Settings for vsftpd, except its port and directories. Anonymous users have all permissions. */
const SETTINGS = [
  "listen=YES",
  "listen_address=127.0.0.1",
  "background=NO",
  "anonymous_enable=YES",
  "local_enable=NO",
  "no_anon_password=NO",
  "ftp_username=daemon",
  "anon_upload_enable=YES",
  "anon_mkdir_write_enable=YES",
  "anon_other_write_enable=YES",
  "anon_world_readable_only=NO",
  "anon_umask=000",
  "file_open_mode=0666",
  "write_enable=YES",
  "ascii_upload_enable=YES",
  "ascii_download_enable=YES",
  "max_per_ip=0",
  "xferlog_enable=NO",
  "seccomp_sandbox=NO",
];

export interface Vsftpd extends Disposable {
  port: number;
  /** For example `vsftpd 3.0.3-13`. */
  version: string;
}

/**
 * Starts vsftpd. Requires root, because vsftpd changes its user and its root directory.
 * @param files directory for anonymous users, to which these users must not have write access
 */
export async function startVsftpd(port: number, work: string, files: string): Promise<Vsftpd> {
  const cache = join(cacheFolder(), "compat");
  const root = join(cache, "root");
  await mkdir(cache, { recursive: true });
  if (!existsSync(root)) await unpackDebian(["vsftpd", "libwrap0"], cache, root);
  const empty = join(work, "empty");
  await mkdir(empty, { recursive: true });
  const file = join(work, "vsftpd.conf");
  const own = [`listen_port=${port}`, `anon_root=${files}`, `secure_chroot_dir=${empty}`];
  await writeFile(file, `${[...SETTINGS, ...own].join("\n")}\n`, { mode: 0o600 });
  const libraries = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"].map((path) => join(root, path));
  const child = spawn(join(root, "usr/sbin/vsftpd"), [file], {
    stdio: "ignore",
    env: { ...process.env, LD_LIBRARY_PATH: libraries.join(":") },
  });
  endWithUs(child);
  await greeting(child, port);
  const versions = await readFile(join(cache, "versions"), "utf8");
  const version = /^vsftpd \S+/mu.exec(versions)?.[0] ?? "vsftpd";
  return { port, version, [Symbol.dispose]: () => void child.kill() };
}

async function greeting(child: ChildProcess, port: number): Promise<void> {
  for (const began = Date.now(); !(await answers(port)); await sleep(20)) {
    if (child.exitCode !== null)
      throw new Error(`vsftpd exited with ${child.exitCode}: run make compat as root`);
    if (Date.now() - began > START_MILLISECONDS) throw new Error(`vsftpd sends no greeting on port ${port}`);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** Returns the outcomes of all probes on the engine. */
export async function playEngine(probes: ReadonlyMap<string, Probe>): Promise<Map<string, string>> {
  const root = await makeTemporaryFolder();
  const home = join(root, "account/home");
  await mkdir(home, { recursive: true });
  const tree = await openTree(root, () => ({ incomplete: "Keep", sync: "Never" }));
  try {
    await using world = await startServer({
      storage: await tree.openHome("/account"),
      config: { users: [testUser("anonymous")], active: { mode: "Enabled" } },
    });
    return await play({ controlPort: world.engine.controlPort, home }, probes);
  } finally {
    await tree.close();
    await rm(root, { recursive: true, force: true });
  }
}
