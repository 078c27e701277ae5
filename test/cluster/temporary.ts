/** Work folders in the cache, on the same file system as the results, so that a result can be renamed atomically. */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { isAlive, processId } from "./processes.ts";

/** Creates an empty folder. The next call of any process removes it when this process has ended. */
export async function makeTemporaryFolder(): Promise<string> {
  const parent = join(cacheFolder(), "tmp");
  await mkdir(parent, { recursive: true });
  await removeOrphans(parent);
  const owner = processId(process.pid);
  return await mkdtemp(join(parent, `${owner?.pid}-${owner?.startTime}-`));
}

/** Runs `work` with an empty folder, which is removed at the end. */
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
