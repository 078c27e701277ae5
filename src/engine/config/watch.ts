import type { EngineConfig } from "../../api/engine-config.ts";
import { loadConfig } from "./load.ts";
import { toEngineError } from "../errors.ts";
import { followFiles } from "./follow-files.ts";

export interface ConfigListener {
  /** @throws EngineError when the engine cannot use the configuration */
  onChange(config: EngineConfig): Promise<void>;
  /** Called when the changed file is not a valid configuration. The engine keeps the previous configuration. */
  onInvalid(message: string): void;
}

/** Watches a configuration file until the signal aborts. */
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
      // The engine may have applied only part of the configuration. It therefore applies the next file even if its
      // content is unchanged.
      known = undefined;
      await listener.onChange(config);
      known = text;
    } catch (error) {
      listener.onInvalid(toEngineError(error).message);
    }
  };
  followFiles([file], load, signal);
}
