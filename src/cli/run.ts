import type { Command } from "commander";

/** Exit code for wrong use or wrong input. */
const USAGE_ERROR = 2;

/** Runs a command line. Wrong use ends the process with code 2 after one line that says what to write. */
export async function run(program: Command): Promise<void> {
  for (const command of [program, ...subcommandsOf(program)]) {
    command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : USAGE_ERROR));
  }
  await program.parseAsync();
}

function subcommandsOf(command: Command): Command[] {
  return command.commands.flatMap((sub) => [sub, ...subcommandsOf(sub)]);
}
