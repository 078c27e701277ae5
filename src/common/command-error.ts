/** Exit code of a successful command. All commands of both programs use the same exit codes. */
export const EXIT_OK = 0;
/** Exit code of a command that failed while it ran, or that has a negative result, for example `not Ready`. */
export const EXIT_FAILED = 1;
/** Exit code for a usage error, invalid input or an unmet precondition. The command has changed nothing. */
export const EXIT_USAGE = 2;

/** Error that ends a command with a message instead of a stack trace. */
export class CommandError extends Error {
  override name = "CommandError";
  /** Error messages, one line for each error. */
  readonly lines: readonly string[];
  /** Action that corrects the error. */
  readonly hint: string | undefined;
  readonly exitCode: number;

  /** @param lines error message, for example `invalid port range: 50010-50000` */
  constructor(
    lines: string | readonly string[],
    { hint, exitCode = EXIT_USAGE }: { hint?: string | undefined; exitCode?: number } = {},
  ) {
    const all = typeof lines === "string" ? [lines] : lines;
    super(all.join("\n"));
    this.lines = all;
    this.hint = hint;
    this.exitCode = exitCode;
  }
}
