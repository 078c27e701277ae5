/** Runs programs for a release: git, helm, npm and tar. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Limit for the output of a program. A rendered chart with its CRDs exceeds the Node.js default of 1 MiB. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Runs a program and returns its standard output.
 * @throws Error with the standard error of the program when the exit code is not 0
 */
export async function output(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { ...options, maxBuffer: MAX_OUTPUT_BYTES });
  return stdout;
}
