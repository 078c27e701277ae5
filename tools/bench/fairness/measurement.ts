/** Measures the response times of a server while a load runs. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { dyingWithUs, endWithUs, finish } from "../../../test/cluster/run.ts";

/** Response times in milliseconds. */
export interface Times {
  p99: number;
  max: number;
}

export interface Figure {
  noop: Times;
  /** Undefined for servers without a health page. */
  healthz: Times | undefined;
  /** Peak resident memory in bytes, or undefined for servers that fork. */
  memory: number | undefined;
}

/** Niceness of the probe. The high priority prevents other programs on the machine from delaying the probe. */
const PROBE_NICENESS = -10;
const TIMEOUT = 120_000;

/** Command lines for the probe and for the load. `load` is undefined when the probe runs without a load. */
export interface Commands {
  probe: readonly string[];
  load: readonly string[] | undefined;
}

/** Starts the probe. The returned function ends the probe and returns the measured times. */
async function startProbe(probe: readonly string[]): Promise<() => Promise<Times[]>> {
  const [command = "", ...args] = dyingWithUs(["nice", "-n", `${PROBE_NICENESS}`, ...probe]);
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  endWithUs(child);
  const lines = createInterface({ input: child.stdout });
  const output: string[] = [];
  lines.on("line", (line) => output.push(line));
  const closed = once(lines, "close");
  await Promise.race([once(lines, "line"), closed]);
  if (output.length === 0) throw new Error("the probe has failed");
  return async () => {
    child.stdin.end("\n");
    await closed;
    return output.slice(1).map((line) => {
      const [, p99 = Number.NaN, max = Number.NaN] = line.split(" ").map(Number);
      return { p99, max };
    });
  };
}

/** Repeats a load for the given time, and then aborts the current run. */
async function repeat(load: readonly string[], milliseconds: number): Promise<void> {
  const over = AbortSignal.timeout(milliseconds);
  while (!over.aborted) {
    const ended = await finish(load, { signal: over, timeout: TIMEOUT }).catch((error: unknown) => {
      if (!over.aborted) throw error;
    });
    if (ended !== undefined && ended.code !== 0) throw new Error(`the load has failed: ${ended.stderr}`);
  }
}

/** Returns the times of NOOP and of the health page while the load runs. */
export async function measure({ probe, load }: Commands, seconds: number): Promise<Times[]> {
  const end = await startProbe(probe);
  try {
    await (load === undefined ? sleep(seconds * 1000) : repeat(load, seconds * 1000));
  } catch (error) {
    await end();
    throw error;
  }
  return await end();
}
