import type { Stats } from "node:fs";
import { isPartial, usageOfPartial } from "../uploads/partials.ts";
import { entriesIn, isShown } from "./entries.ts";
import type { Usage } from "../../storage.ts";
import type { Directory } from "../system/directory.ts";
import { walk } from "./walk.ts";

/** Unit of `st_blocks` (see stat(3type)). */
const BLOCK_BYTES = 512;
/** Number of entries in one batch of lookups. */
const BATCH = 64;

/**
 * Yields the usage of a home (total size, and number of files and directories) in parts whose sum is the total. Counts
 * partial uploads but not running uploads.
 */
export function usageOf(home: Directory): AsyncGenerator<Usage> {
  return walk(home, usageOfDirectory);
}

async function* usageOfDirectory(directory: Directory, waiting: string[]): AsyncGenerator<Usage> {
  for await (const entries of entriesIn(directory, (name) => isShown(name) || isPartial(name))) {
    const usage: Usage = { bytes: 0, files: 0 };
    for (const entry of entries) {
      if (entry.type === "Directory") waiting.push(entry.name);
      usage.bytes += entry.size;
      usage.files += isPartial(entry.name) ? usageOfPartial(entry).files : 1;
    }
    yield usage;
  }
}

/**
 * Yields the disk space that a directory and all entries below it occupy, in parts whose sum is the total. Like the
 * kubelet, this function counts allocated blocks. The number of files in each part is 0.
 * @param since milliseconds since the epoch. Temporary files changed after this time belong to running uploads and are
 *   not counted.
 */
export async function* diskUsage(root: Directory, since: number): AsyncGenerator<Usage> {
  yield { bytes: bytesOf(await root.stat()), files: 0 };
  yield* walk(root, (directory, waiting) => spaceOfDirectory(directory, waiting, since));
}

async function* spaceOfDirectory(
  directory: Directory,
  waiting: string[],
  since: number,
): AsyncGenerator<Usage> {
  for await (const names of directory.names(BATCH)) {
    const all = await directory.lstatAll(names);
    let bytes = 0;
    for (const [index, name] of names.entries()) {
      const stats = all[index];
      if (stats === undefined || isRunning(name, stats, since)) continue;
      bytes += bytesOf(stats);
      if (stats.isDirectory()) waiting.push(name);
    }
    yield { bytes, files: 0 };
  }
}

function isRunning(name: string, stats: Stats, since: number): boolean {
  return !isShown(name) && !isPartial(name) && stats.mtimeMs >= since;
}

function bytesOf({ blocks }: Stats): number {
  return blocks * BLOCK_BYTES;
}
