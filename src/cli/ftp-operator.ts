import { Command } from "commander";
import { versionLine } from "../common/version.ts";
import { checkCommand } from "./commands/check.ts";
import { completionCommand } from "./commands/completion.ts";
import { engineCommand } from "./commands/engine.ts";
import { convertCommand, renderCommand, serveCommand, usersCommand } from "./commands/local.ts";
import { operatorCommand } from "./commands/operator.ts";
import { kickCommand, sessionsCommand } from "./commands/sessions.ts";

/** The whole command line. What a command does is loaded when it is called. */
export function createProgram(): Command {
  const program = new Command("ftp-operator")
    .description("Managed FTP on Kubernetes: the operator, its FTP engine, and tools around them.")
    .version(versionLine("ftp-operator"), "-V, --version", "print the version");
  const commands = [
    operatorCommand(),
    engineCommand(),
    renderCommand(),
    convertCommand(),
    serveCommand(),
    checkCommand(),
    usersCommand(),
    sessionsCommand(),
    kickCommand(),
    completionCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  return program;
}
