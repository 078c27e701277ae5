import { Command, Option } from "commander";
import { DRAIN_WITHIN_VARIABLE, STORAGE_LIMIT_VARIABLE } from "../../api/engine-config.ts";
import type { RunOptions } from "../../engine/main.ts";
import { portRange, wholeNumber } from "../arguments.ts";

/** The longest hand-over and drain period that a configuration can have, in seconds. */
const MAX_DRAIN_SECONDS = 3600 + 604_800;

type Options = Omit<RunOptions, "configFile"> & { config: string };

export function engineCommand(): Command {
  return new Command("engine")
    .description("serve FTP as a configuration file says")
    .requiredOption("--config <file>", "the engine's configuration (JSON); reloaded when it changes")
    .option(
      "--passive-ports <first-last>",
      "listen on this slice of the configured passive range only",
      portRange,
    )
    .option("--admin-socket <path>", "make a Unix socket there, for `ftp-operator sessions` and `kick`")
    .addOption(
      new Option(
        "--drain-within <seconds>",
        "end every session this long after SIGTERM at the latest, whatever the configuration says by then",
      )
        .env(DRAIN_WITHIN_VARIABLE)
        .argParser(wholeNumber("number of seconds", MAX_DRAIN_SECONDS, 0)),
    )
    .addOption(
      new Option(
        "--storage-limit <bytes>",
        "reject uploads before all files together occupy so much disk space; nothing else may write to the directory",
      )
        .env(STORAGE_LIMIT_VARIABLE)
        .argParser(wholeNumber("number of bytes", Number.MAX_SAFE_INTEGER)),
    )
    .action(async ({ config, ...options }: Options) => {
      const { runEngine } = await import("../../engine/main.ts");
      process.exitCode = await runEngine({ configFile: config, ...options });
    });
}
