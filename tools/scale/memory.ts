import { readFile } from "node:fs/promises";

/** Resident memory of a process in bytes: now, and the most it ever had. */
export async function memoryOf(pid: number | undefined): Promise<{ resident: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "mu").exec(status)?.[1]) * 1024;
  return { resident: field("VmRSS"), peak: field("VmHWM") };
}
