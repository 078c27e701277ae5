/** Tests the files in the arm64 image, and runs its programs under emulation. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, readFileSync } from "node:fs";
import { chown, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "basic-ftp";
import { likelyFreeRange } from "../cluster/free-ports.ts";
import { endWithUs, run } from "../cluster/run.ts";
import { makeTemporaryFolder } from "../cluster/temporary.ts";
import { makeCertificate } from "../support/engine/certificates.ts";
import { buildForArm64, blocker, QEMU } from "./arm64.ts";
import { nativeFiles } from "./native-files.ts";
import { type ImageConfig, unpackImage } from "./oci-archive.ts";

const ROOT = join(import.meta.dirname, "../..");
const reason = blocker();
// `make test-image-arm64` must not pass without running the tests.
const skip = process.env["REQUIRE_ARM64"] === "yes" ? false : (reason ?? false);

describe("the image for arm64", { skip }, () => {
  let folder: string;
  let root: string;
  let image: ImageConfig;
  before(async () => {
    assert.equal(reason, undefined);
    folder = await makeTemporaryFolder();
    const unpacked = await unpackImage(await buildForArm64(folder), folder);
    root = unpacked.root;
    image = unpacked.config;
    await mkdir(join(root, "proc"), { recursive: true });
    await copyFile(QEMU, join(root, basename(QEMU)));
  });
  after(async () => {
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it("has labels with its platform, version and source", () => {
    assert.equal(`${image.os}/${image.architecture}`, "linux/arm64");
    const label = (name: string) => image.config.Labels[`org.opencontainers.image.${name}`];
    assert.equal(label("version"), "1.2.3");
    assert.equal(label("revision"), "0123456");
    assert.equal(label("source"), "https://github.com/ftp-operator/ftp-operator");
    assert.equal(image.config.User, "65532:65532");
  });

  it("contains native files for arm64 only", () => {
    const native = nativeFiles(root);
    native.delete(basename(QEMU));
    assert.equal(native.get("usr/local/bin/node"), "ELF for machine 183");
    assert.deepEqual(
      [...native].filter(([, machine]) => machine !== "ELF for machine 183"),
      [],
    );
  });

  /** Runs the entry point on an emulated processor, with the user and the environment variables of the image. */
  const command = (...args: string[]): { argv: string[]; env: NodeJS.ProcessEnv } => {
    const { User, Entrypoint, Env } = image.config;
    const [program = "", ...rest] = Entrypoint;
    const inside = [`/${basename(QEMU)}`, join("/usr/local/bin", program), ...rest, ...args];
    const enter = 'mount -t proc proc "$1/proc"; exec /usr/sbin/chroot --userspec="$2" "$1" "${@:3}"';
    const unshare = ["/usr/bin/unshare", "--mount"];
    const env = Object.fromEntries(Env.map((variable) => variable.split(/=(.*)/s, 2)));
    return { argv: [...unshare, "/bin/bash", "-ec", enter, "bash", root, User, ...inside], env };
  };

  it("prints its version under emulation", async () => {
    const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const { argv, env } = command("--version");
    assert.match(
      await run(argv, { env, timeout: 300_000 }),
      new RegExp(`^ftp-operator ${version} \\(.*Node\\.js 26\\.`),
    );
  });

  it("transfers a listing and a file over TLS under emulation", async (t) => {
    // The first port is the control port, and the other two ports are passive ports.
    const { first: port } = likelyFreeRange(3);
    const passive = { first: port + 1, last: port + 2 };
    const { certificateFile, keyFile } = await makeCertificate({ commonName: "localhost" });
    const [certificate, key] = [certificateFile, keyFile].map((file) => readFileSync(file, "utf8"));
    const secret = (name: string, stringData: object) => ({
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
        passive: { portRange: passive },
        users: [{ name: "alice", passwordSecretRef: { name: "alice" } }],
      },
    };
    const items = [
      server,
      secret("alice", { password: "wonderland" }),
      secret("certificate", { "tls.crt": certificate, "tls.key": key }),
    ];
    await writeFile(join(root, "server.json"), JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await mkdir(join(root, "data"));
    await chown(join(root, "data"), 65532, 65532);
    const { argv, env } = command(
      "serve",
      "-f",
      "/server.json",
      "--directory",
      "/data",
      "--port",
      String(port),
    );
    const [program = "", ...args] = argv;
    const child = spawn(program, args, { env, stdio: ["ignore", "inherit", "inherit"] });
    endWithUs(child);
    const ended = once(child, "exit");
    t.after(() => child.kill("SIGKILL"));
    // On a busy machine, a login to an emulated engine takes longer than the default of 30 seconds.
    const client = new Client(120_000);
    await connect(client, port, child);
    await client.uploadFrom(join(ROOT, "LICENSE"), "LICENSE");
    const listing = await client.list();
    assert.deepEqual(
      listing.map(({ name, size }) => ({ name, size })),
      [{ name: "LICENSE", size: lstatSync(join(ROOT, "LICENSE")).size }],
    );
    await client.downloadTo(join(folder, "copy"), "LICENSE");
    assert.deepEqual(readFileSync(join(folder, "copy")), readFileSync(join(ROOT, "LICENSE")));
    client.close();
    child.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
  });
});

/** Retries the login for up to 5 minutes, because emulated programs start slowly. */
async function connect(client: Client, port: number, child: ChildProcess): Promise<void> {
  const options = { host: "127.0.0.1", port, user: "alice", password: "wonderland", secure: true };
  const deadline = Date.now() + 300_000;
  for (;;) {
    try {
      await client.access({ ...options, secureOptions: { rejectUnauthorized: false } });
      return;
    } catch (error) {
      if (Date.now() > deadline || child.exitCode !== null) throw error;
      await delay(500);
    }
  }
}
