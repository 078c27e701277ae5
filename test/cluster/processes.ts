/** Telling processes apart for sure, and ending those that live in given namespaces or cgroups. */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { waitUntil } from "./wait.ts";

const END_TIMEOUT_MS = 15_000;

/** A process, told apart from a later one with the same number by its start time. */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks since boot, as text: field 22 of proc_pid_stat(5). */
  readonly startTime: string;
}

/** Describes a running process; undefined when there is none or only its zombie. */
export function processId(pid: number): ProcessId | undefined {
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the program's name and may hold spaces and brackets: count from its end.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const startTime = rest[18];
  return state === "Z" || startTime === undefined ? undefined : { pid, startTime };
}

export function isAlive(id: ProcessId): boolean {
  return processId(id.pid)?.startTime === id.startTime;
}

/**
 * Ends every process in the given network namespaces, at once and for sure, and waits until they are gone.
 * @param files namespace files; those that do not exist are skipped
 */
export async function endProcessesIn(files: readonly string[]): Promise<void> {
  const namespaces = new Set(files.map(namespaceId).filter((id) => id !== undefined));
  if (namespaces.size === 0) return;
  await waitUntil("the cluster's processes end", END_TIMEOUT_MS, () => {
    const found = processesIn(namespaces);
    for (const { pid } of found) kill(pid);
    if (found.length > 0) throw new Error(`still there: ${found.map(({ pid }) => pid).join(" ")}`);
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
    // It has ended meanwhile.
  }
}

/** Device and inode: what makes a namespace itself. */
function namespaceId(file: string): string | undefined {
  try {
    const { dev, ino } = statSync(file);
    return `${dev}:${ino}`;
  } catch {
    // It has ended, or it is a process we may not look at, and so none of ours.
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
