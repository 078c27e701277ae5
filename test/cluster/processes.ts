/** Identifies processes, and kills all processes in namespaces. */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { waitUntil } from "./wait.ts";

const END_TIMEOUT_MS = 15_000;

/** Identity of a process. The start time distinguishes the process from a later process with the same ID. */
export interface ProcessId {
  readonly pid: number;
  /** Start time in clock ticks since boot, as text (field 22 of proc_pid_stat(5)). */
  readonly startTime: string;
}

/** Returns a running process. Returns undefined for a missing process or a zombie. */
export function processId(pid: number): ProcessId | undefined {
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the program name in parentheses. The name can contain spaces and parentheses.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const startTime = rest[18];
  return state === "Z" || startTime === undefined ? undefined : { pid, startTime };
}

export function isAlive(id: ProcessId): boolean {
  return processId(id.pid)?.startTime === id.startTime;
}

/**
 * Kills every process in network namespaces and waits until all have ended.
 * @param files paths of the network namespaces; missing files are skipped
 */
export async function endProcessesIn(files: readonly string[]): Promise<void> {
  const namespaces = new Set(files.map(namespaceId).filter((id) => id !== undefined));
  if (namespaces.size === 0) return;
  await waitUntil("the cluster's processes end", END_TIMEOUT_MS, () => {
    const found = processesIn(namespaces);
    for (const { pid } of found) kill(pid);
    if (found.length > 0) throw new Error(`still running: ${found.map(({ pid }) => pid).join(" ")}`);
  });
}

function processesIn(namespaces: ReadonlySet<string>): ProcessId[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => namespaces.has(namespaceId(`/proc/${entry}/ns/net`) ?? ""))
    .map((entry) => processId(Number(entry)))
    .filter((id) => id !== undefined);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // The process has ended.
  }
}

/** Returns the device and inode numbers, which identify a namespace. */
function namespaceId(file: string): string | undefined {
  try {
    const { dev, ino } = statSync(file);
    return `${dev}:${ino}`;
  } catch {
    // The process has ended, or this user is not permitted to read its namespace.
    return undefined;
  }
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
