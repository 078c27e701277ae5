import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";

/** A net under the file system's own notices, which some volumes do not send. */
const POLL_MILLISECONDS = 1000;
/** Kubelet replaces a directory link and removes the old directory: several notices for one change. */
const SETTLE_MILLISECONDS = 20;

/**
 * Calls `onChange` at once and then whenever one of the files changes, also when they are a mounted Secret's, until the signal
 * aborts. One call at a time: an older read that ends last must not win.
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
  // The directories, since the files themselves are replaced.
  for (const directory of new Set(files.map((file) => dirname(file))))
    watchDirectory(directory, notice, signal);
  const poll = setInterval(() => void check(), POLL_MILLISECONDS).unref();
  signal.addEventListener("abort", () => {
    clearInterval(poll);
    clearTimeout(settling);
  });
  void check();
}

/** Of a directory that is not there nothing is told: the poll finds what comes. */
function watchDirectory(directory: string, notice: () => void, signal: AbortSignal): void {
  try {
    watch(directory, { signal, persistent: false }, notice).on("error", () => undefined);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

/** What changes when the file does, wherever its links lead. */
async function versionOf(file: string): Promise<string> {
  const stats = await stat(file).catch(() => undefined);
  return stats === undefined ? "" : `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
}
