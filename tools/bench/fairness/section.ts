/** Generates the fairness section in docs/reference/benchmarks.md. */
import { cell, median, verdict } from "../cells.ts";
import type { Case } from "./cases.ts";
import type { Figure, Times } from "./measurement.ts";

const MIB = 2 ** 20;
/** Project goals: maximum response times in milliseconds, and maximum memory in bytes. */
const P99_GOAL = 20;
const MAX_GOAL = 100;
const MEMORY_GOAL = 256 * MIB;

/** Measurements of a load. */
export interface Result extends Case {
  engine: Figure[];
  vsftpd: Figure[];
}

function timesIn(figures: readonly Figure[], key: "noop" | "healthz"): Times[] {
  return figures.flatMap(({ [key]: times }) => (times === undefined ? [] : [times]));
}

function memoryIn(figures: readonly Figure[]): number[] {
  return figures.flatMap(({ memory }) => (memory === undefined ? [] : [memory / MIB]));
}

function meetsGoals(figures: readonly Figure[]): boolean {
  const all = [...timesIn(figures, "noop"), ...timesIn(figures, "healthz")];
  const isFast = (key: "noop" | "healthz"): boolean => {
    const times = timesIn(figures, key);
    return median(times.map(({ p99 }) => p99)) <= P99_GOAL && median(times.map(({ max }) => max)) <= MAX_GOAL;
  };
  return (
    all.length > 0 && isFast("noop") && isFast("healthz") && median(memoryIn(figures)) * MIB <= MEMORY_GOAL
  );
}

function timeCells(times: readonly Times[]): string[] {
  if (times.length === 0) return ["–", "–"];
  return [cell(times.map(({ p99 }) => p99)), cell(times.map(({ max }) => max))];
}

function rowOf({ title, engine, vsftpd }: Result): string {
  const cells = [
    title,
    ...timeCells(timesIn(engine, "noop")),
    ...timeCells(timesIn(engine, "healthz")),
    median(memoryIn(engine)).toFixed(0),
    ...timeCells(timesIn(vsftpd, "noop")),
    verdict(meetsGoals(engine)),
  ];
  return `| 15 | ${cells.join(" | ")} |`;
}

export function sectionOf(results: readonly Result[], runs: number): string {
  return `## Fairness

\`make bench-fairness\` measures how a user affects other users and writes this section. One user loads the server in four sessions, or in eight for uploads. At the same time, another user sends \`NOOP\`, and a probe requests \`/healthz\`, each every 5 milliseconds. Each load runs alone, in a new engine process. The times are in milliseconds. Each cell contains the median of ${runs} runs and, in parentheses, the lowest and the highest value. vsftpd uses one process for each session. The load, the servers and the probe share the cores of the machine.

The goals are a 99th percentile of at most ${P99_GOAL} milliseconds, a maximum of at most ${MAX_GOAL} milliseconds, and a peak resident memory of at most ${MEMORY_GOAL / MIB} MiB. The goals apply to the medians.

| # | load | NOOP, p99 | NOOP, maximum | healthz, p99 | healthz, maximum | memory in MiB | vsftpd: NOOP, p99 | vsftpd: NOOP, maximum | goals |
|---|---|---|---|---|---|---|---|---|---|
${results.map(rowOf).join("\n")}
`;
}
