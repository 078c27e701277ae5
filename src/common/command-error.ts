/** Exit codes that all commands of both programs use. */
export const EXIT_OK = 0;
/** The command failed while it ran, or the result is negative, for example "not Ready". */
export const EXIT_FAILED = 1;
/** A usage error, invalid input or an unmet precondition. Nothing was changed. */
export const EXIT_USAGE = 2;

/** An error that ends a command with a message instead of a stack trace. */
export class CommandError extends Error {
  override name = "CommandError";
  /** Error messages, one line for each error. */
  readonly lines: readonly string[];
  /** Action that corrects the error. */
  readonly hint: string | undefined;
  readonly exitCode: number;

  /** @param lines error message in the form "invalid port range: 50010-50000" */
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
