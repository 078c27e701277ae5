import { readFile } from "node:fs/promises";

/** Fields 14 to 17 of proc_pid_stat(5), which are CPU times, counted from the field `state`. */
const CPU_FIELDS = { first: 11, last: 14 } as const;
const TICKS_PER_SECOND = 100;

/**
 * Returns the CPU time of a process and of its child processes that have ended, in seconds. Returns 0 if the process
 * has ended.
 */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .slice(CPU_FIELDS.first, CPU_FIELDS.last + 1);
  return fields.reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}
