import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { program } from "../cli/command-line.ts";
import type { ControlPlane } from "../../cluster/control-plane.ts";
import { freePorts } from "../../cluster/free-ports.ts";
import { endWithUs } from "../../cluster/run.ts";

const SHIFT = new URL("./shift-clock.ts", import.meta.url).href;

/** An operator as a process of its own that stands for election, with a clock of its own. */
export class OperatorProcess {
  readonly #child: ChildProcess;
  /** Of /metrics, on loopback. */
  readonly metricsPort: number;
  /** Log lines. */
  readonly lines: Record<string, unknown>[] = [];
  /** Messages it has logged. */
  readonly messages: string[] = [];

  private constructor(child: ChildProcess, metricsPort: number) {
    this.#child = child;
    this.metricsPort = metricsPort;
    endWithUs(child);
    if (child.stdout === null) throw new Error("no output");
    createInterface({ input: child.stdout }).on("line", (line) => {
      const entry: { msg: string } = JSON.parse(line);
      this.lines.push(entry);
      this.messages.push(entry.msg);
    });
  }

  static async start(
    plane: ControlPlane,
    {
      shiftSeconds = 0,
      lease = "ftp-operator",
      flags = [],
    }: { shiftSeconds?: number; lease?: string; flags?: readonly string[] },
  ): Promise<OperatorProcess> {
    const [port = 0] = await freePorts(1);
    const options = [
      "--engine-image=ftp-operator:test",
      "--leader-election-namespace=default",
      `--leader-election-name=${lease}`,
      "--no-reachability-checks",
      `--metrics-port=${port}`,
      ...flags,
    ];
    const argv = ["--import", SHIFT, program("main"), "operator", ...options];
    const env = {
      ...process.env,
      KUBECONFIG: plane.kubeconfig,
      CLOCK_SHIFT_SECONDS: String(shiftSeconds),
    };
    const child = spawn(process.execPath, argv, { env, stdio: ["ignore", "pipe", "inherit"] });
    return new OperatorProcess(child, port);
  }

  get leads(): boolean {
    return this.messages.includes("became leader");
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** As a machine that fails: no time to give the Lease back. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}
