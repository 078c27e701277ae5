import { type ChildProcess, execFile } from "node:child_process";
import { join } from "node:path";

/** How a program ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const SOURCE = join(import.meta.dirname, "../../../src");

/** Arguments that start `ftp-operator`, or its kubectl plugin, after the path of node. */
export function program(name: "main" | "kubectl-ftpsrv"): string {
  return join(SOURCE, `${name}.ts`);
}

/** Runs `ftp-operator` to its end. */
export function ftpOperator(args: readonly string[], stdin = ""): Promise<Ended> {
  return new Promise((resolve) => {
    const child: ChildProcess = execFile(
      process.execPath,
      [program("main"), ...args],
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      },
    );
    child.stdin?.end(stdin);
  });
}
