/** Runs `ftp-operator serve` as a process. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { program } from "./command-line.ts";
import { freePorts, likelyFreeRange } from "../../cluster/free-ports.ts";
import { endWithUs } from "../../cluster/run.ts";

/** Maximum number of start attempts. Each attempt uses different ports. */
const TRIES = 5;
const PASSIVE_PORTS = 4;
const POLL_MILLISECONDS = 20;
const PATIENCE_MILLISECONDS = 60_000;

/** A running `serve` process. Disposal ends the process. */
export class Serving {
  readonly port: number;
  stdout = "";
  stderr = "";
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;

  private constructor(child: ChildProcess, port: number) {
    this.port = port;
    this.#child = child;
    endWithUs(child);
    child.stdout?.setEncoding("utf8").on("data", (piece: string) => (this.stdout += piece));
    child.stderr?.setEncoding("utf8").on("data", (piece: string) => (this.stderr += piece));
    this.#ended = once(child, "close");
  }

  /**
   * Starts `serve` on free ports and waits until its standard output contains `ready`.
   * @param argv returns the command line for the given ports; runs the program from its sources by default
   */
  static async start(
    args: readonly string[],
    {
      ready,
      argv = (ports) => [
        process.execPath,
        program("main"),
        "serve",
        ...args,
        `--port=${ports.port}`,
        `--passive-ports=${ports.passive}`,
      ],
    }: { ready: string; argv?: (ports: { port: number; passive: string }) => string[] },
  ): Promise<Serving> {
    for (let tries = 1; ; tries++) {
      const [port = 0] = await freePorts(1);
      const { first, last } = likelyFreeRange(PASSIVE_PORTS);
      const [command = "", ...rest] = argv({ port, passive: `${first}-${last}` });
      const serving = new Serving(spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"] }), port);
      if (await serving.printed(ready)) return serving;
      await serving.#ended;
      // Another program can bind one of the free ports before `serve` does.
      assert.ok(tries < TRIES && serving.stderr.includes(" in use by another program: "), serving.stderr);
    }
  }

  /** Waits for a string on standard output. @returns false when the process exits without printing the string */
  async printed(text: string): Promise<boolean> {
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    while (!this.stdout.includes(text)) {
      if (this.#child.exitCode !== null) return false;
      assert.ok(Date.now() < deadline, `"${text}" was not printed:\n${this.stdout}${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    }
    return true;
  }

  /** Sends a signal and waits until the process exits. @returns the exit code */
  async end(signal: NodeJS.Signals): Promise<unknown> {
    this.#child.kill(signal);
    const [code] = await this.#ended;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) await this.end("SIGTERM");
  }
}
