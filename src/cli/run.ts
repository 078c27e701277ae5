import { type Argument, type Command, InvalidArgumentError, type Option } from "commander";
import { CommandError, EXIT_OK, EXIT_USAGE } from "../common/command-error.ts";
import { writeMessages } from "./output.ts";

/**
 * Runs a command line. After a usage error, prints an `error:` line and a `hint:` line, and ends the process with exit
 * code 2.
 */
export async function run(program: Command): Promise<void> {
  for (const command of withSubcommands(program)) {
    command.exitOverride(({ exitCode }) => process.exit(exitCode === EXIT_OK ? EXIT_OK : EXIT_USAGE));
    command.configureOutput({ outputError: (text) => reportWrongUse(text, command) });
    for (const option of command.options) rejectInvalidValues(option, option.long ?? option.flags);
    for (const argument of command.registeredArguments)
      rejectInvalidValues(argument, argument.name().toUpperCase());
  }
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    reportError(error);
    process.exitCode = error.exitCode;
  }
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function reportError({ lines, hint }: CommandError): void {
  writeMessages("error", lines);
  if (hint !== undefined) writeMessages("hint", [hint]);
}

/**
 * Reports an error from the command-line parser. The parser message begins with `error: ` and can end with `(Did you
 * mean …?)`.
 */
function reportWrongUse(text: string, command: Command): void {
  const [, message = text, guess] = /^(?:error: )?(.*?)\s*(?:\(Did you mean (.*)\?\))?\s*$/s.exec(text) ?? [];
  reportError(
    new CommandError(message, {
      hint: guess ? `did you mean ${guess}?` : `see \`${nameOf(command)} --help\``,
    }),
  );
}

function nameOf(command: Command): string {
  const { parent } = command;
  const name = command.name().replace(/^kubectl-/, "kubectl ");
  return parent === null ? name : `${nameOf(parent)} ${name}`;
}

/** Adds the name of an option or argument to the errors of its value parser. */
function rejectInvalidValues(target: Option | Argument, name: string): void {
  const parse = target.parseArg?.bind(target);
  if (parse === undefined) return;
  target.parseArg = <T>(value: string, previous: T): T => {
    try {
      return parse(value, previous);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      const hint = target.argChoices ? `use one of ${target.argChoices.join(", ")}` : error.message;
      throw new CommandError(`invalid value for ${name}: ${value}`, { hint });
    }
  };
}
