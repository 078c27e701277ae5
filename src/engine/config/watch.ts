import type { EngineConfig } from "../../api/engine-config.ts";
import { loadConfig } from "./load.ts";
import { toEngineError } from "../errors.ts";
import { followFiles } from "./follow-files.ts";

export interface ConfigListener {
  /** Rejects with an EngineError when the configuration can not be used. */
  onChange(config: EngineConfig): Promise<void>;
  /** The file changed into something that is not a configuration; what runs goes on. */
  onInvalid(message: string): void;
}

/** Follows a configuration file until the signal aborts. */
export function watchConfig(
  file: string,
  loaded: EngineConfig,
  listener: ConfigListener,
  signal: AbortSignal,
): void {
  let known: string | undefined = JSON.stringify(loaded);
  const load = async (): Promise<void> => {
    try {
      const config = await loadConfig(file);
      const text = JSON.stringify(config);
      if (text === known) return;
      // One that was taken in part is nothing to compare with: it may be tried again, and the one before it must be.
      known = undefined;
      await listener.onChange(config);
      known = text;
    } catch (error) {
      listener.onInvalid(toEngineError(error).message);
    }
  };
  followFiles([file], load, signal);
}
