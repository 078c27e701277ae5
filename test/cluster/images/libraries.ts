/** Copies shared libraries that a program requires from this machine to an image. */
import { copyFile, mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { finish } from "../run.ts";

/** Copies the loader and the libraries of a program below `root`. A static program has no libraries. */
export async function copyLibraries(program: string, root: string): Promise<void> {
  const { code, stdout, stderr } = await finish(["ldd", program]);
  if (code !== 0 && /not a dynamic executable/.test(stdout + stderr)) return;
  const { loader, libraries } = parseLdd(stdout);
  await copyBelow(root, loader, loader);
  // The loader searches /lib on all distributions.
  for (const library of libraries) await copyBelow(root, library, join("/lib", basename(library)));
}

/** Copies a file from this machine to the same path below `root`. */
export async function copyBelow(root: string, from: string, to: string): Promise<void> {
  await mkdir(dirname(join(root, to)), { recursive: true });
  await copyFile(from, join(root, to));
}

/**
 * Returns the paths of shared libraries and the loader from `ldd` output. For the loader, `ldd` prints a path without a
 * name.
 */
export function parseLdd(listing: string): { loader: string; libraries: string[] } {
  const libraries = [...listing.matchAll(/=> (\/\S+) \(/g)].map(([, path = ""]) => path);
  const loader = /^\s*(\/\S*ld-linux\S*) \(/m.exec(listing)?.[1];
  if (!loader) throw new Error(`ldd names no loader:\n${listing}`);
  return { loader, libraries };
}
