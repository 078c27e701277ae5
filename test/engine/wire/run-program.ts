import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** Ends a client that hangs, so that the test fails instead. Milliseconds. */
const PROGRAM_TIMEOUT = 30_000;

/** Runs a real FTP client to its end. @returns its standard output; throws with its standard error when it fails */
export async function runProgram(program: string, ...args: string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], timeout: PROGRAM_TIMEOUT });
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${errors}${output}`);
  return output;
}
