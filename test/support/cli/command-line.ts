import { type ChildProcess, execFile } from "node:child_process";
import { join } from "node:path";

/** Result of a process. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const SOURCE = join(import.meta.dirname, "../../../src");

/** Returns the source path of a program. Node.js can run this file. */
export function program(name: "main" | "kubectl-ftpsrv"): string {
  return join(SOURCE, `${name}.ts`);
}

/** Runs `ftp-operator` until it exits. @param env additional environment variables */
export function ftpOperator(
  args: readonly string[],
  stdin = "",
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child: ChildProcess = execFile(
      process.execPath,
      [program("main"), ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      },
    );
    child.stdin?.end(stdin);
  });
}
