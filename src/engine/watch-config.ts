import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { EngineConfig } from "../api/engine-config.ts";
import { loadConfig } from "./config.ts";
import { toEngineError } from "./errors.ts";

/** A net under the file system's own notices, which some volumes do not send. */
const POLL_MILLISECONDS = 1000;
/** Kubelet replaces a directory link and removes the old directory: several notices for one change. */
const SETTLE_MILLISECONDS = 20;

export interface ConfigListener {
  onChange(config: EngineConfig): void;
  /** The file changed into something that is not a configuration; what runs goes on. */
  onInvalid(message: string): void;
}

/** Follows a configuration file, also when it is a mounted Secret's, until the signal aborts. */
export function watchConfig(
  file: string,
  loaded: EngineConfig,
  listener: ConfigListener,
  signal: AbortSignal,
): void {
  let known = JSON.stringify(loaded);
  let version = "";
  let settling: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    const now = await versionOf(file);
    if (now === version || signal.aborted) return;
    version = now;
    try {
      const config = await loadConfig(file);
      const text = JSON.stringify(config);
      if (text === known) return;
      known = text;
      listener.onChange(config);
    } catch (error) {
      listener.onInvalid(toEngineError(error).message);
    }
  };
  // One after the other: an older read that ends last must not win.
  let looking = Promise.resolve();
  const check = (): Promise<void> => (looking = looking.then(look));
  const notice = (): void => {
    clearTimeout(settling);
    settling = setTimeout(() => void check(), SETTLE_MILLISECONDS);
  };
  // The directory, since the file itself is replaced.
  const watcher = watch(dirname(file), { signal, persistent: false }, notice);
  watcher.on("error", () => undefined);
  const poll = setInterval(() => void check(), POLL_MILLISECONDS).unref();
  signal.addEventListener("abort", () => {
    clearInterval(poll);
    clearTimeout(settling);
  });
  void check();
}

/** What changes when the file does, wherever its links lead. */
async function versionOf(file: string): Promise<string> {
  const stats = await stat(file).catch(() => undefined);
  return stats === undefined ? "" : `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
}
