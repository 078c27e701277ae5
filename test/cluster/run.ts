/** Runs commands to completion. Returns the output. If the command fails, the error contains its standard error. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { text } from "node:stream/consumers";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string | Uint8Array;
  /** Time in milliseconds after which the command is killed. Defaults to no timeout. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

export interface Finished {
  /** Exit code, or `null` if the command was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Thrown when a command cannot start, fails, or exceeds its timeout. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly finished: Finished;

  constructor(argv: readonly string[], finished: Finished, timeout?: number) {
    const complaint = lastLines(finished.stderr.trim() || finished.stdout.trim(), 15);
    const why =
      finished.code === null
        ? `was killed${timeout ? ` (limit ${timeout} ms)` : ""}`
        : `ended with ${finished.code}`;
    super(`${shortCommand(argv)} ${why}${complaint ? `:\n${complaint}` : ""}`);
    this.finished = finished;
  }
}

/**
 * Runs a command to completion and returns its output and exit code.
 * @throws Error when the command cannot be started
 */
export async function finish(argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const [command = "", ...args] = argv;
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    ...(options.cwd && { cwd: options.cwd }),
    ...(options.env && { env: options.env }),
    ...(options.timeout && { timeout: options.timeout, killSignal: "SIGKILL" }),
    ...(options.signal && { signal: options.signal }),
  });
  endWithUs(child);
  // The command can exit before it reads its standard input.
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/**
 * Runs a command and returns its standard output.
 * @throws CommandError when the exit code is not 0
 */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const finished = await finish(argv, options);
  if (finished.code !== 0) throw new CommandError(argv, finished, options.timeout);
  return finished.stdout;
}

/** Runs a command that uses the terminal of this process. @returns its exit code, or 1 if it was killed */
export async function runInteractive(argv: readonly string[], env = process.env): Promise<number> {
  const [command = "", ...args] = argv;
  const child = spawn(command, args, { stdio: "inherit", env });
  endWithUs(child);
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

const running = new Set<ChildProcess>();

/** Kills a command when this process exits, so that no orphaned process remains after an interrupt. */
export function endWithUs(child: ChildProcess): void {
  if (running.size === 0) process.once("exit", killRunning);
  running.add(child);
  child.once("close", () => {
    running.delete(child);
    if (running.size === 0) process.removeListener("exit", killRunning);
  });
}

function killRunning(): void {
  for (const child of running) child.kill("SIGKILL");
}

/**
 * Returns the command, with a setpriv prefix if setpriv is installed. With setpriv, the kernel kills the command when
 * this process ends for any reason.
 */
export function dyingWithUs(argv: readonly string[]): string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const known = folders.some((folder) => existsSync(join(folder, "setpriv")));
  return known ? ["setpriv", "--pdeathsig", "KILL", ...argv] : [...argv];
}

/** Returns the last `count` lines of a string. */
export function lastLines(content: string, count: number): string {
  return content.trimEnd().split("\n").slice(-count).join("\n");
}

/** Returns the command without its namespace prefix and the folder of its program. */
function shortCommand(argv: readonly string[]): string {
  const [command = "", ...args] = argv[0] === "nsenter" ? argv.slice(argv.indexOf("--") + 1) : argv;
  const line = [basename(command), ...args].join(" ");
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
