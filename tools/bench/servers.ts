/** Starts and stops the compared servers. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endWithUs, finish } from "../../test/cluster/run.ts";
import { cpuSecondsOf } from "../support/cpu-time.ts";
import { PASSWORD } from "./accounts.ts";
import { environment, type ServerName, SETUPS, type Site } from "./setups.ts";

/** A running server. */
export interface Server {
  name: ServerName;
  version: string;
  port: number;
  user: string;
  /** Path of the served files in FTP commands. */
  directory: string;
  process: ChildProcess;
  /** Time in seconds from the start of the program to its greeting. */
  startTime: number;
  /** Paths of the server configuration and the served files. */
  site: Site;
}

/** Times in milliseconds. */
const START_TIMEOUT = 10_000;
const POLL_INTERVAL = 5;

/** Starts a server and waits for its greeting. */
export async function start(name: ServerName, site: Site, port: number): Promise<Server> {
  const setup = SETUPS[name];
  const launched = await launch(name, site, port);
  return {
    ...launched,
    name,
    version: await setup.version(site),
    port,
    user: setup.user,
    directory: setup.directory,
    site,
  };
}

/** Restarts a server. */
export async function restart(server: Server): Promise<void> {
  await stop(server);
  Object.assign(server, await launch(server.name, server.site, server.port));
}

/** Writes the configuration and then starts the program. */
async function launch(
  name: ServerName,
  site: Site,
  port: number,
): Promise<Pick<Server, "process" | "startTime">> {
  await mkdir(join(site.work, "empty"), { recursive: true });
  await chmod(site.work, 0o755);
  const [command = "", ...args] = await SETUPS[name].prepare(site, port);
  const env = await environment(site);
  const began = performance.now();
  const child = spawn(command, args, { stdio: "ignore", env });
  endWithUs(child);
  while (!(await greets(port))) {
    if (hasExited(child))
      throw new Error(`${name} exited with ${child.exitCode}: ${command} ${args.join(" ")}`);
    if (performance.now() - began > START_TIMEOUT) {
      child.kill("SIGKILL");
      throw new Error(`${name} sends no greeting on port ${port}`);
    }
    await sleep(POLL_INTERVAL);
  }
  return { process: child, startTime: (performance.now() - began) / 1000 };
}

function hasExited({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Kills a server and its child processes. */
export async function stop({ process: child }: Server): Promise<void> {
  if (hasExited(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const family = child.pid === undefined ? [] : await descendants(child.pid);
  child.kill("SIGKILL");
  for (const pid of family) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // The process has exited.
    }
  }
  await ended;
}

/** Returns the arguments with which the load program connects to a server. */
export function reach({ port, user, directory }: Server, tls: boolean): string[] {
  return [
    "-address",
    `127.0.0.1:${port}`,
    "-user",
    user,
    "-password",
    PASSWORD,
    ...(directory === "" ? [] : ["-directory", directory]),
    ...(tls ? ["-tls"] : []),
  ];
}

/** Returns the IDs of all descendants of a process. */
export async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await finish(["ps", "-e", "-o", "pid=,ppid="]);
  const parents = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/u).map(Number));
  const found = [pid];
  for (const parent of found)
    found.push(...parents.flatMap(([child, of]) => (of === parent && child !== undefined ? [child] : [])));
  return found.slice(1);
}

/** Returns the CPU time of a server in seconds, including its child processes. */
export async function cpuSeconds({ process: { pid = 0 } }: Server): Promise<number> {
  const times = await Promise.all([...(await descendants(pid)), pid].map(cpuSecondsOf));
  return times.reduce((sum, time) => sum + time, 0);
}

async function greets(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const greeted = await new Promise<boolean>((resolve) => {
    socket.once("data", (data: Buffer) => resolve(data.toString().startsWith("220")));
    socket.once("error", () => resolve(false)).once("close", () => resolve(false));
  });
  socket.destroy();
  return greeted;
}
