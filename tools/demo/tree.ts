/** A directory tree on this machine, and the curl calls that carry one to a server and back. */
import { createHash, randomFillSync } from "node:crypto";
import { createReadStream } from "node:fs";
import { cp, open, readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { pipeline } from "node:stream/promises";

const CHUNK_BYTES = 1 << 20;

/** A file of random bytes, which no compression and no luck can reproduce. */
export async function randomFile(path: string, bytes: number): Promise<void> {
  await using file = await open(path, "w");
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let left = bytes; left > 0; left -= chunk.length) {
    await file.write(randomFillSync(chunk), 0, Math.min(left, chunk.length));
  }
}

/** Copies a folder, following nothing. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
}

export interface TreeFile {
  /** Relative to the tree's root, with `/`. */
  path: string;
  bytes: number;
  sha256: string;
}

/** Every regular file of a tree, sorted by path. */
export async function readTree(root: string): Promise<TreeFile[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(
    paths.toSorted().map(async (path) => ({
      path: relative(root, path),
      bytes: (await stat(path)).size,
      sha256: await checksum(path),
    })),
  );
}

async function checksum(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** `ftp://user@host:port/path`, every part escaped; the password goes into curl's config file, not into the process list. */
function url(base: string, path: string): string {
  return `${base}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** curl's config file (`-K`) that uploads every file in one session and makes the folders it needs. */
export function uploadConfig(root: string, base: string, files: readonly TreeFile[]): string {
  const transfers = files.map(
    ({ path }) => `upload-file = ${quote(join(root, path))}\nurl = ${quote(url(base, path))}\n`,
  );
  return `ftp-create-dirs\n${transfers.join("")}`;
}

/** curl's config file that downloads every file in one session into another folder. */
export function downloadConfig(root: string, base: string, files: readonly TreeFile[]): string {
  const transfers = files.map(
    ({ path }) => `url = ${quote(url(base, path))}\noutput = ${quote(join(root, path))}\n`,
  );
  return `create-dirs\n${transfers.join("")}`;
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** Paths whose content differs or that are missing on either side; empty when the trees are equal. */
export function differences(one: readonly TreeFile[], other: readonly TreeFile[]): string[] {
  const sums = (files: readonly TreeFile[]) => new Map(files.map(({ path, sha256: sum }) => [path, sum]));
  const [left, right] = [sums(one), sums(other)];
  const paths = new Set([...left.keys(), ...right.keys()]);
  return [...paths].filter((path) => left.get(path) !== right.get(path));
}
