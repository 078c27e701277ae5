import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** kubectl answered with an error; the message is its own, in one line. */
export class KubectlError extends Error {
  override name = "KubectlError";
}

/** Runs kubectl, with the options that choose the cluster and the namespace before each call. */
export class Kubectl {
  readonly #globals: readonly string[];

  constructor(globals: readonly string[]) {
    this.#globals = globals;
  }

  /** @returns what it printed @throws KubectlError */
  async run(args: readonly string[]): Promise<string> {
    const child = spawn("kubectl", [...this.#globals, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", () => reject(new KubectlError("kubectl is not in PATH: install it")));
      child.once("close", resolve);
    });
    const [code, output, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (code !== 0) throw new KubectlError(lastLine(complaint));
    return output;
  }

  /** What `get` prints as JSON. @throws KubectlError */
  async get<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.run(["get", ...args, "-o", "json"]));
  }

  /** Runs on until it ends by itself, on this terminal. @returns its exit code */
  async attach(args: readonly string[]): Promise<number> {
    const child = spawn("kubectl", [...this.#globals, ...args], { stdio: "inherit" });
    return await new Promise((resolve, reject) => {
      child.once("error", () => reject(new KubectlError("kubectl is not in PATH: install it")));
      child.once("close", (code) => resolve(code ?? 1));
    });
  }
}

/** The line that says what went wrong; those before it are warnings and log lines. */
function lastLine(complaint: string): string {
  const lines = complaint.trim().split("\n");
  return (
    lines.at(-1)?.replace(/^(?:error|Error from server \(\w+\)): /, "") || "kubectl failed without a word"
  );
}
