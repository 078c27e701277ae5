import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { program } from "../cli/command-line.ts";
import type { ControlPlane } from "../../cluster/control-plane.ts";
import { freePorts } from "../../cluster/free-ports.ts";
import { endWithUs } from "../../cluster/run.ts";

const SHIFT = new URL("./shift-clock.ts", import.meta.url).href;

/** Operator in a separate process with leader election and a shifted clock. */
export class OperatorProcess {
  readonly #child: ChildProcess;
  /** Port of `/metrics` on loopback. */
  readonly metricsPort: number;
  /** Parsed log lines of the operator. */
  readonly lines: Record<string, unknown>[] = [];
  /** The messages in the operator's log lines. */
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

  get isLeader(): boolean {
    return this.messages.includes("became leader");
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Kills the process before it can release the Lease, as in a machine failure. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}
