import { Command, Option } from "commander";
import { DRAIN_WITHIN_VARIABLE, SLOT_VARIABLE, STORAGE_LIMIT_VARIABLE } from "../../api/engine-config.ts";
import type { RunOptions } from "../../engine/main.ts";
import { integer, portRange } from "../options.ts";

/** Maximum sum of the hand-over and drain periods in a configuration, in seconds. */
const MAX_DRAIN_SECONDS = 3600 + 604_800;

type Options = Omit<RunOptions, "configFile"> & { config: string };

export function engineCommand(): Command {
  return new Command("engine")
    .description("run the FTP engine with a configuration file")
    .requiredOption(
      "--config <FILE>",
      "read the JSON configuration from FILE and reload FILE after each change",
    )
    .option(
      "--passive-ports <FIRST-LAST>",
      "use only FIRST-LAST of the configured passive port range",
      portRange,
    )
    .option("--admin-socket <PATH>", "listen on the Unix socket PATH for `ftp-operator sessions` and `kick`")
    .addOption(
      new Option(
        "--drain-within <SECONDS>",
        "end all sessions at most SECONDS after SIGTERM, even if the configuration allows a longer time",
      )
        .env(DRAIN_WITHIN_VARIABLE)
        .argParser(integer(MAX_DRAIN_SECONDS, 0)),
    )
    .addOption(
      new Option(
        "--storage-limit <BYTES>",
        "reject uploads when the total size of all files would exceed BYTES; no other program may write to the directory",
      )
        .env(STORAGE_LIMIT_VARIABLE)
        .argParser(integer(Number.MAX_SAFE_INTEGER)),
    )
    .addOption(new Option("--slot <NAME>", "use NAME as the slot name in notifications").env(SLOT_VARIABLE))
    .action(async ({ config, ...options }: Options) => {
      const { runEngine } = await import("../../engine/main.ts");
      process.exitCode = await runEngine({ configFile: config, ...options });
    });
}
