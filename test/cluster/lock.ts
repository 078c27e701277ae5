/** Provides locks by name. Only one `up`, `down` or `image` command runs at a time for each name. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isAlive, type ProcessId, processId } from "./processes.ts";

/**
 * Runs `work` while this process holds the lock. Ignores the lock of a process that has ended.
 * @throws Error that names the process that holds the lock
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  await take(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<void> {
  const mine = JSON.stringify(processId(process.pid));
  for (;;) {
    try {
      await writeFile(file, mine, { flag: "wx" });
      return;
    } catch (error) {
      const holder = await readHolder(file);
      if (holder && isAlive(holder)) {
        throw new Error(`process ${holder.pid} holds the lock ${file}: wait until it ends`, {
          cause: error,
        });
      }
      await rm(file, { force: true });
    }
  }
}

async function readHolder(file: string): Promise<ProcessId | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}
