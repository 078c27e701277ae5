/** The long-running processes of a full cluster. The processes continue after this process ends. */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { inNetwork, type Host, type Layout } from "./layout.ts";
import { isAlive, type ProcessId, processId } from "./processes.ts";
import { lastLines } from "./run.ts";
import { GiveUp, messageOf, waitUntil } from "./wait.ts";

const LOG_LINES_SHOWN = 15;

export interface Daemon extends ProcessId {
  readonly name: string;
  readonly log: string;
}

export class Daemons {
  readonly #layout: Layout;
  readonly #started: Daemon[] = [];

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  get started(): readonly Daemon[] {
    return this.#started;
  }

  /**
   * Starts a daemon in the network namespace of a host. Standard output and standard error are written to the log of
   * the daemon.
   */
  start(host: Host, name: string, argv: readonly string[]): Daemon {
    const log = this.#layout.log(name);
    const output = openSync(log, "a");
    const [command = "", ...args] = inNetwork(this.#layout, host, argv);
    // The daemon is detached so that Ctrl-C in the terminal does not end the cluster.
    const child = spawn(command, args, { detached: true, stdio: ["ignore", output, output] });
    closeSync(output);
    child.unref();
    const id = child.pid === undefined ? undefined : processId(child.pid);
    if (!id) throw new Error(`cannot start ${name}: ${command} does not run`);
    const daemon = { ...id, name, log };
    this.#started.push(daemon);
    return daemon;
  }

  /**
   * Retries `probe` until it succeeds. Fails immediately when a daemon has exited.
   * @param timeout maximum time in milliseconds
   * @param suspect daemon whose log is added to the error
   */
  async until<T>(what: string, timeout: number, suspect: string, probe: () => Promise<T> | T): Promise<T> {
    try {
      return await waitUntil(what, timeout, () => {
        const dead = this.#started.find((daemon) => !isAlive(daemon));
        if (dead) throw new DaemonEnded(dead.name);
        return probe();
      });
    } catch (error) {
      const name = error instanceof DaemonEnded ? error.daemon : suspect;
      throw new Error(`${messageOf(error)}\n${await logTail(this.#layout, name)}`, { cause: error });
    }
  }
}

class DaemonEnded extends GiveUp {
  readonly daemon: string;

  constructor(daemon: string) {
    super(`${daemon} has ended`);
    this.daemon = daemon;
  }
}

async function logTail(layout: Layout, name: string): Promise<string> {
  const log = layout.log(name);
  const content = await readFile(log, "utf8").catch(() => "(no log)");
  return `--- end of ${log}:\n${lastLines(content, LOG_LINES_SHOWN)}`;
}
