/** Tests the image with arbitrary user IDs, such as IDs that OpenShift assigns. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Client } from "basic-ftp";
import { ADMIN_SOCKET } from "../../src/api/engine-config.ts";
import { hashPassword } from "../../src/api/password-hash.ts";
import { freePorts } from "../cluster/free-ports.ts";
import { productImage } from "../cluster/images/product.ts";
import { endWithUs, run } from "../cluster/run.ts";
import { makeTemporaryFolder } from "../cluster/temporary.ts";
import { waitUntil } from "../cluster/wait.ts";
import { testConfig, testUser } from "../support/engine/server.ts";
import { type ImageConfig, unpackImage } from "./oci-archive.ts";

const LICENSE = join(import.meta.dirname, "../../LICENSE");
const random = (first: number, last: number): number =>
  first + Math.floor(Math.random() * (last - first + 1));
/** User and group IDs. OpenShift assigns a user ID from the range of the namespace, and the primary group 0. */
const IDS: readonly [what: string, uid: number, gid: number][] = [
  ["a random UID and GID 0", random(1_000_000_000, 1_001_000_000), 0],
  ["a random UID and GID", random(1000, 65_531), random(1000, 65_531)],
];
/**
 * Enters the read-only root file system with the volumes of a pod, in a new mount namespace. Arguments: root folder,
 * folder with the volumes, UID:GID, command.
 */
const ENTER = `
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
for volume in srv/ftp run/ftp-operator etc/ftp-operator; do mount --bind "$2/$volume" "$1/$volume"; done
mount -o remount,bind,ro "$1"
exec /usr/sbin/chroot --userspec="$3" --groups= "$1" "\${@:4}"
`;
const VOLUMES = ["srv/ftp", "run/ftp-operator", "etc/ftp-operator"];
/** Mode of an emptyDir volume that root owns, because the pod sets no fsGroup. */
const EMPTY_DIR_MODE = 0o777;

const blocker =
  process.getuid?.() === 0
    ? !existsSync("/usr/bin/buildah") &&
      "needs buildah: run `apt-get install --no-install-recommends buildah`"
    : "needs root";

describe("the image with IDs other than 65532", { skip: blocker }, () => {
  let folder: string;
  let root: string;
  let image: ImageConfig;
  before(async () => {
    folder = await makeTemporaryFolder();
    ({ root, config: image } = await unpackImage((await productImage()).archive, folder));
    for (const path of ["proc", ...VOLUMES]) await mkdir(join(root, path), { recursive: true });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [what, uid, gid] of IDS) {
    it(`serves uploads, downloads and its admin socket under ${what}`, async (t) => {
      const pod = await Pod.start({ folder, root, image, uid, gid });
      t.after(() => pod.kill());
      const client = await pod.login();
      await client.ensureDir("/in/deep");
      await client.uploadFrom(LICENSE, "/in/deep/LICENSE");
      await client.rename("/in/deep/LICENSE", "/in/LICENSE");
      await client.downloadTo(join(folder, "copy"), "/in/LICENSE");
      assert.deepEqual(await readFile(join(folder, "copy")), await readFile(LICENSE));
      const { uid: owner, gid: group, mode } = statSync(join(pod.volumes, "srv/ftp/alice/in/LICENSE"));
      assert.deepEqual([owner, group, (mode & 0o777).toString(8)], [uid, gid, "640"]);
      assert.match(await pod.run("sessions"), /alice/);
      assert.match(await pod.run("kick", "--user", "alice"), /1/);
      client.close();
      assert.equal(await pod.end(), 0);
    });
  }
});

interface PodOptions {
  folder: string;
  root: string;
  image: ImageConfig;
  uid: number;
  gid: number;
}

/** Runs the engine in the file system of the image, as a container runtime would do. */
class Pod {
  readonly volumes: string;
  readonly #options: PodOptions;
  readonly #port: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  private constructor(options: PodOptions, volumes: string, port: number) {
    this.#options = options;
    this.volumes = volumes;
    this.#port = port;
    const { program, args, env } = this.#command("engine", "--config", "/etc/ftp-operator/engine.json");
    args.push("--admin-socket", ADMIN_SOCKET);
    this.#child = spawn(program, args, { env, stdio: ["ignore", "ignore", "inherit"] });
    endWithUs(this.#child);
    this.#ended = once(this.#child, "exit").then(([code]) => code);
  }

  static async start(options: PodOptions): Promise<Pod> {
    const volumes = join(options.folder, `${options.uid}-${options.gid}`);
    for (const volume of VOLUMES) {
      await mkdir(join(volumes, volume), { recursive: true });
      await chmod(join(volumes, volume), EMPTY_DIR_MODE);
    }
    const [controlPort = 0, metricsPort = 0, first = 0] = await freePorts(3);
    const config = testConfig({
      controlPort,
      metricsPort,
      passive: { ...testConfig().passive, portRange: { first, last: first } },
      storage: { root: "/srv/ftp" },
      users: [testUser("alice", { passwordHash: await hashPassword("secret"), homeDirectory: "/alice" })],
    });
    await writeFile(join(volumes, "etc/ftp-operator/engine.json"), JSON.stringify(config), { mode: 0o444 });
    return new Pod(options, volumes, controlPort);
  }

  async login(): Promise<Client> {
    const client = new Client();
    const access = { host: "127.0.0.1", port: this.#port, user: "alice", password: "secret" };
    await waitUntil("the engine accepts a login", 60_000, () => client.access(access));
    return client;
  }

  /** Runs another command in the container file system. */
  async run(...args: string[]): Promise<string> {
    const command = this.#command(...args);
    return await run([command.program, ...command.args], { env: command.env });
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async end(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    return await this.#ended;
  }

  /**
   * Runs the entry point with the environment variables of the image. HOME is not set, because /etc/passwd does not
   * contain the UID.
   */
  #command(...args: string[]): { program: string; args: string[]; env: NodeJS.ProcessEnv } {
    const { root, image, uid, gid } = this.#options;
    const [program = "", ...rest] = image.config.Entrypoint;
    const inside = [join("/usr/local/bin", program), ...rest, ...args];
    const enter = [
      "--mount",
      "/bin/bash",
      "-ec",
      ENTER,
      "bash",
      root,
      this.volumes,
      `${uid}:${gid}`,
      ...inside,
    ];
    const env = Object.fromEntries(image.config.Env.map((variable) => variable.split(/=(.*)/s, 2)));
    return { program: "/usr/bin/unshare", args: enter, env };
  }
}
