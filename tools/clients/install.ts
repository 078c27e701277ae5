/** Installs client programs from Debian packages and Go modules into the cache. */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheFolder } from "../../test/cluster/cache.ts";
import { run } from "../../test/cluster/run.ts";

/**
 * Debian packages of interpreters and their libraries, keyed by a file that each package contains. The installation of
 * missing packages on this machine requires root.
 */
const INSTALLED: Readonly<Record<string, string>> = {
  "/usr/bin/ruby": "ruby",
  "/usr/bin/php": "php-cli",
  "/usr/share/perl5/IO/Socket/SSL.pm": "libio-socket-ssl-perl",
};

const PACKAGES = ["rclone", "ncftp", "libcommons-net-java"];

export interface Programs {
  /** Folder with the unpacked packages. */
  root: string;
  /** Program that uses jlaffaye/ftp. */
  goClient: string;
}

/** Installs missing programs. */
export async function installPrograms(): Promise<Programs> {
  const cache = join(cacheFolder(), "clients");
  const root = join(cache, "root");
  await mkdir(cache, { recursive: true });
  await installMissing();
  if (!existsSync(join(root, "usr/share/java/commons-net.jar"))) await unpack(cache, root);
  const goClient = join(cache, "go-client");
  const path = `${process.env["PATH"] ?? ""}${delimiter}/usr/local/go/bin`;
  await run(["go", "build", "-o", goClient, "."], {
    cwd: join(import.meta.dirname, "go"),
    env: { ...process.env, PATH: path, CGO_ENABLED: "0" },
  });
  return { root, goClient };
}

async function installMissing(): Promise<void> {
  const missing = Object.entries(INSTALLED).flatMap(([path, name]) => (existsSync(path) ? [] : [name]));
  if (missing.length === 0) return;
  await run(["apt-get", "install", "--yes", "--no-install-recommends", ...missing], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

async function unpack(cache: string, root: string): Promise<void> {
  const packages = join(cache, "packages");
  const fresh = `${root}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(packages, { recursive: true });
  await run(["apt-get", "download", ...PACKAGES], { cwd: packages });
  for (const file of await readdir(packages)) await run(["dpkg", "-x", join(packages, file), fresh]);
  await rm(root, { recursive: true, force: true });
  await rename(fresh, root);
}
