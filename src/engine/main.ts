import type { EngineConfig } from "../api/engine-config.ts";
import { CommandError, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from "../common/command-error.ts";
import { loadConfig } from "./config/load.ts";
import { watchConfig } from "./config/watch.ts";
import { toEngineError } from "./errors.ts";
import { RunningEngine, type StartOptions } from "./running-engine.ts";

export interface RunOptions extends StartOptions {
  configFile: string;
  /**
   * Maximum time in seconds from SIGTERM to the end of the last session, regardless of the configuration. Set this
   * option if the environment kills the process after this time. Defaults to the configured time.
   */
  drainWithin?: number;
  /** Called once when clients can connect. */
  onServing?: () => void;
}

/**
 * Serves FTP until SIGTERM and then drains. During the drain, the engine accepts new sessions for the configured
 * `handOverSeconds`, and then waits for the open sessions to end. A second SIGTERM ends the engine immediately.
 * @returns exit code: 0 after a drain, 1 after a second signal
 * @throws CommandError when the engine cannot start
 */
export async function runEngine(options: RunOptions): Promise<number> {
  // New files and directories have exactly the configured modes, regardless of the process umask.
  const mask = process.umask(0);
  try {
    return await serveUntilSignal(options);
  } finally {
    process.umask(mask);
  }
}

async function serveUntilSignal({
  configFile,
  drainWithin,
  onServing,
  ...options
}: RunOptions): Promise<number> {
  const signals = new Signals();
  let config: EngineConfig;
  let engine: RunningEngine;
  try {
    config = await loadConfig(configFile);
    engine = await RunningEngine.start(config, options);
  } catch (error) {
    const { code, message } = toEngineError(error);
    throw new CommandError(message, { exitCode: code === "InvalidConfig" ? EXIT_USAGE : EXIT_FAILED });
  }
  onServing?.();
  const watching = new AbortController();
  const listener = {
    onChange: (changed: EngineConfig) => engine.reconfigure(changed),
    onInvalid: (message: string) => engine.rejectConfig(message),
  };
  watchConfig(configFile, config, listener, watching.signal);
  await signals.first;
  const isDrained = await engine.drain(drainWithin, signals.second);
  watching.abort();
  await engine.stop();
  return isDrained ? EXIT_OK : EXIT_FAILED;
}

/**
 * Counts the termination signals that the process receives. The first process in a container has no default handlers
 * for these signals.
 */
class Signals {
  readonly #first = Promise.withResolvers<void>();
  readonly #second = Promise.withResolvers<void>();
  #count = 0;

  constructor() {
    const onSignal = (): void => (this.#count++ === 0 ? this.#first : this.#second).resolve();
    for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(name, onSignal);
  }

  get first(): Promise<void> {
    return this.#first.promise;
  }

  get second(): Promise<void> {
    return this.#second.promise;
  }
}
