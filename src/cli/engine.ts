import { Command } from "commander";
import type { EngineOptions } from "../engine/main.ts";
import { portRange } from "./arguments.ts";

type Options = Omit<EngineOptions, "configFile"> & { config: string };

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
    .action(async ({ config, ...options }: Options) => {
      const { runEngine } = await import("../engine/main.ts");
      process.exitCode = await runEngine({ configFile: config, ...options });
    });
}
