import { Command } from "commander";
import { versionLine } from "../common/version.ts";
import { checkCommand } from "./commands/check.ts";
import { completionCommand } from "./commands/completion.ts";
import { convertCommand } from "./commands/convert.ts";
import { engineCommand } from "./commands/engine.ts";
import { hashCommand } from "./commands/hash.ts";
import { kickCommand } from "./commands/kick.ts";
import { operatorCommand } from "./commands/operator.ts";
import { renderCommand } from "./commands/render.ts";
import { serveCommand } from "./commands/serve.ts";
import { sessionsCommand } from "./commands/sessions.ts";
import { versionCommand } from "./commands/version.ts";

/** Returns the command line of `ftp-operator`. Each command loads the code that it runs when it is called. */
export function createProgram(): Command {
  const program = new Command("ftp-operator")
    .description("Managed FTP on Kubernetes: the operator, its FTP engine and command line tools.")
    .version(versionLine("ftp-operator"), "-V, --version", "print the version");
  const commands = [
    operatorCommand(),
    engineCommand(),
    renderCommand(),
    convertCommand(),
    serveCommand(),
    checkCommand(),
    new Command("users").description("manage passwords of accounts").addCommand(hashCommand()),
    sessionsCommand(),
    kickCommand(),
    versionCommand(),
    completionCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  return program;
}
