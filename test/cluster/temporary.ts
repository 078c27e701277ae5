/**
 * Creates work folders in the cache. Work folders and results are on the same file system, so results can be renamed
 * atomically.
 */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { isAlive, processId } from "./processes.ts";

/**
 * Creates an empty folder. After this process has ended, the next call to this function in any process removes the
 * folder.
 */
export async function makeTemporaryFolder(): Promise<string> {
  const parent = join(cacheFolder(), "tmp");
  await mkdir(parent, { recursive: true });
  await removeOrphans(parent);
  const owner = processId(process.pid);
  return await mkdtemp(join(parent, `${owner?.pid}-${owner?.startTime}-`));
}

/** Runs `work` with an empty folder. Removes the folder when `work` ends. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makeTemporaryFolder();
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes the folders of processes that have ended. */
async function removeOrphans(parent: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    const [pid, startTime = ""] = entry.split("-");
    if (!isAlive({ pid: Number(pid), startTime }))
      await rm(join(parent, entry), { recursive: true, force: true });
  }
}
