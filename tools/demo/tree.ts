/** Reads directory trees on this machine, and generates curl configurations that upload and download them. */
import { createHash, randomFillSync } from "node:crypto";
import { createReadStream } from "node:fs";
import { cp, open, readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { pipeline } from "node:stream/promises";

const CHUNK_BYTES = 1 << 20;

/** Writes a file of random bytes, which cannot be compressed. */
export async function randomFile(path: string, bytes: number): Promise<void> {
  await using file = await open(path, "w");
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let left = bytes; left > 0; left -= chunk.length) {
    await file.write(randomFillSync(chunk), 0, Math.min(left, chunk.length));
  }
}

/** Copies a folder without following symbolic links. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
}

export interface TreeFile {
  /** Path relative to the root of the tree, with `/` as the separator. */
  path: string;
  bytes: number;
  sha256: string;
}

/** Returns every regular file in a tree, sorted by path. */
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

/**
 * Returns the URL for a path. Every part of the path is escaped. The curl configuration contains the password, so that
 * the password is not in the process list.
 */
function url(base: string, path: string): string {
  return `${base}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** Returns a curl configuration (option `-K`) that uploads every file and creates missing folders. */
export function uploadConfig(root: string, base: string, files: readonly TreeFile[]): string {
  const transfers = files.map(
    ({ path }) => `upload-file = ${quote(join(root, path))}\nurl = ${quote(url(base, path))}\n`,
  );
  return `ftp-create-dirs\n${transfers.join("")}`;
}

/** Returns a curl configuration that downloads every file into another folder. */
export function downloadConfig(root: string, base: string, files: readonly TreeFile[]): string {
  const transfers = files.map(
    ({ path }) => `url = ${quote(url(base, path))}\noutput = ${quote(join(root, path))}\n`,
  );
  return `create-dirs\n${transfers.join("")}`;
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** Returns the paths of files that exist in only one tree, or whose contents differ. */
export function differences(one: readonly TreeFile[], other: readonly TreeFile[]): string[] {
  const sums = (files: readonly TreeFile[]) => new Map(files.map(({ path, sha256: sum }) => [path, sum]));
  const [left, right] = [sums(one), sums(other)];
  const paths = new Set([...left.keys(), ...right.keys()]);
  return [...paths].filter((path) => left.get(path) !== right.get(path));
}
