import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Polling period in milliseconds. Polling is necessary because some volumes send no file system events. */
const POLL_MILLISECONDS = 1000;
/**
 * Delay in milliseconds after a file system event. The kubelet causes several events per change, because it replaces a
 * link and removes the old directory.
 */
const SETTLE_MILLISECONDS = 20;

/**
 * Calls `onChange` immediately and whenever a file changes, until the signal aborts. Follows the symbolic links in
 * mounted Secrets. Calls never overlap, so that an older read cannot replace a newer result.
 */
export function followFiles(
  files: readonly string[],
  onChange: () => Promise<void>,
  signal: AbortSignal,
): void {
  let version = "";
  let settling: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    const now = (await Promise.all(files.map(versionOf))).join(" ");
    if (now === version || signal.aborted) return;
    version = now;
    await onChange();
  };
  let looking = Promise.resolve();
  const check = (): Promise<void> => (looking = looking.then(look));
  const notice = (): void => {
    clearTimeout(settling);
    settling = setTimeout(() => void check(), SETTLE_MILLISECONDS);
  };
  // A change replaces the files, so the engine watches their directories.
  for (const directory of new Set(files.map((file) => dirname(file))))
    watchDirectory(directory, notice, signal);
  const poll = setInterval(() => void check(), POLL_MILLISECONDS).unref();
  signal.addEventListener("abort", () => {
    clearInterval(poll);
    clearTimeout(settling);
  });
  void check();
}

/** Watches a directory. Polling covers a directory that does not exist yet. */
function watchDirectory(directory: string, notice: () => void, signal: AbortSignal): void {
  try {
    watch(directory, { signal, persistent: false }, notice).on("error", () => undefined);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

/** Returns text that changes when the file changes. Follows symbolic links. */
async function versionOf(file: string): Promise<string> {
  const stats = await stat(file).catch(() => undefined);
  return stats === undefined ? "" : `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
}
