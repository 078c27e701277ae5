import type { EngineConfig } from "../../api/engine-config.ts";
import { loadConfig } from "./load.ts";
import { toEngineError } from "../errors.ts";
import { followFiles } from "./follow-files.ts";

export interface ConfigListener {
  /** @throws EngineError when the configuration cannot be used */
  onChange(config: EngineConfig): Promise<void>;
  /** The changed file is not a valid configuration. The engine keeps the previous one. */
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
      // A partly applied configuration is not known: the same file, or the previous one, must be applied again.
      known = undefined;
      await listener.onChange(config);
      known = text;
    } catch (error) {
      listener.onInvalid(toEngineError(error).message);
    }
  };
  followFiles([file], load, signal);
}
