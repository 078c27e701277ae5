/** The control plane processes. The kernel or an exit handler kills these processes when this process ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { programFile } from "./programs.ts";
import { dyingWithUs, endWithUs, lastLines } from "./run.ts";
import { GiveUp, messageOf, waitUntil } from "./wait.ts";

const READY_TIMEOUT_MS = 60_000;
const LOG_LINES_SHOWN = 15;

/** The processes of one control plane, in start order. */
export class ControlPlaneProcesses {
  readonly #folder: string;
  readonly #started: { name: string; child: ChildProcess; log: string; ended: Promise<void> }[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  start(name: string, args: readonly string[]): void {
    const log = join(this.#folder, `${name}.log`);
    const output = openSync(log, "a");
    const [command = "", ...rest] = dyingWithUs([controlPlaneProgram(name), ...args]);
    const child = spawn(command, rest, { stdio: ["ignore", output, output] });
    closeSync(output);
    endWithUs(child);
    const ended = new Promise<void>((resolve) => {
      child.once("close", () => resolve());
      child.once("error", () => resolve());
    });
    // The test process must be able to exit without calling `stop()`.
    child.unref();
    this.#started.push({ name, child, log, ended });
  }

  /** Retries `probe` until it succeeds. Fails immediately if a process of the control plane has exited. */
  async ready(probe: () => Promise<unknown>): Promise<void> {
    try {
      await waitUntil("the API server is ready", READY_TIMEOUT_MS, async () => {
        const dead = this.#started.find(({ child }) => child.exitCode !== null || child.signalCode !== null);
        if (dead)
          throw new GiveUp(`${dead.name} has ended (${dead.child.exitCode ?? dead.child.signalCode})`);
        await probe();
      });
    } catch (error) {
      throw new Error(`${messageOf(error)}\n${await this.#logs()}`, { cause: error });
    }
  }

  /**
   * Kills the processes in reverse start order, because the other processes depend on etcd. A graceful shutdown of the
   * API server would wait for open watches.
   */
  async stop(): Promise<void> {
    for (const { child, ended } of this.#started.toReversed()) {
      child.ref();
      child.kill("SIGKILL");
      await ended;
    }
    this.#started.length = 0;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #logs(): Promise<string> {
    const tails = this.#started.map(async ({ name, log }) => {
      return `--- last lines of ${name}:\n${lastLines(await readFile(log, "utf8"), LOG_LINES_SHOWN)}`;
    });
    return (await Promise.all(tails)).join("\n");
  }
}

/**
 * Returns the folder that contains kube-apiserver, etcd and kubectl. The environment variable `KUBEBUILDER_ASSETS`
 * overrides the default folder, as in envtest from controller-runtime.
 */
export function controlPlaneProgram(name: string): string {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  const path = assets && join(assets, name);
  return path && existsSync(path) ? path : programFile("kube", name);
}
