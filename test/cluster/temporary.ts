/** Work folders inside the cache: on the same file system as the results, so that a result is renamed into place whole. */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { isAlive, processId } from "./processes.ts";

/** Gives `work` an empty folder that is removed at the end, or by the next call when this process is killed before. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const parent = join(cacheFolder(), "tmp");
  await mkdir(parent, { recursive: true });
  await removeOrphans(parent);
  const owner = processId(process.pid);
  const folder = await mkdtemp(join(parent, `${owner?.pid}-${owner?.startTime}-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes the folders whose owner runs no more. */
async function removeOrphans(parent: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    const [pid, startTime = ""] = entry.split("-");
    if (!isAlive({ pid: Number(pid), startTime }))
      await rm(join(parent, entry), { recursive: true, force: true });
  }
}
