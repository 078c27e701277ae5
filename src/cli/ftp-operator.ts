import { Command } from "commander";
import { versionLine } from "../common/version.ts";

/**
 * All commands in the order of the help text. The program loads the code of a command only when the command runs, so
 * that the engine starts quickly.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  operator: async () => (await import("./commands/operator.ts")).operatorCommand(),
  engine: async () => (await import("./commands/engine.ts")).engineCommand(),
  render: async () => (await import("./commands/render.ts")).renderCommand(),
  convert: async () => (await import("./commands/convert.ts")).convertCommand(),
  serve: async () => (await import("./commands/serve.ts")).serveCommand(),
  check: async () => (await import("./commands/check.ts")).checkCommand(),
  users: async () => {
    const { hashCommand } = await import("./commands/hash.ts");
    return new Command("users").description("manage passwords of accounts").addCommand(hashCommand());
  },
  sessions: async () => (await import("./commands/sessions.ts")).sessionsCommand(),
  kick: async () => (await import("./commands/kick.ts")).kickCommand(),
  version: async () => (await import("./commands/version.ts")).versionCommand(),
  completion: async () => (await import("./commands/completion.ts")).completionCommand(createProgram),
};

const VERSION_FLAGS = ["-V", "--version"];

/**
 * Returns the command line of `ftp-operator`.
 * @param first first command-line argument. If this argument is a command name, the program contains only that command.
 * By default, the program contains all commands.
 */
export async function createProgram(first = ""): Promise<Command> {
  const program = new Command("ftp-operator")
    .description("Managed FTP on Kubernetes: the operator, the FTP engine and command-line tools.")
    .version(versionLine("ftp-operator"), VERSION_FLAGS.join(", "), "print the version");
  for (const name of namesFor(first)) {
    const command = await COMMANDS[name]?.();
    if (command !== undefined) program.addCommand(command);
  }
  return program;
}

function namesFor(first: string): string[] {
  if (VERSION_FLAGS.includes(first)) return [];
  return Object.hasOwn(COMMANDS, first) ? [first] : Object.keys(COMMANDS);
}
