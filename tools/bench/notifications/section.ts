/** Generates the notifications section in docs/reference/benchmarks.md. */
import { cell, median, verdict } from "../cells.ts";
import { CLIENTS, type Figure, type Outcome } from "./jobs.ts";

/** Project goal: maximum ratio of the upload time with a notification to the upload time without a notification. */
const RATIO_GOAL = 1.05;
/** Project goal: maximum time in seconds from the end of an outage to the last event. */
const RECOVERY_GOAL = 120;

function rowOf(clients: number, { sizes, ...figures }: Outcome): string {
  const [ours, others] = [figures.with.get(clients) ?? [], figures.without.get(clients) ?? []];
  const seconds = (list: readonly Figure[]): number[] => list.map((one) => one.seconds);
  const cpu = (list: readonly Figure[]): number[] => list.map((one) => one.cpuSeconds);
  const ratio = median(seconds(ours)) / median(seconds(others));
  const cells = [
    `${sizes.uploads} uploads of 4 KiB, ${clients === 1 ? "1 client" : `${clients} clients`}`,
    ...[seconds(ours), seconds(others), cpu(ours), cpu(others)].map(cell),
    `${ratio.toFixed(2)}, goal ≤ ${RATIO_GOAL}: ${verdict(ratio <= RATIO_GOAL)}`,
  ];
  return `| 17 | ${cells.join(" | ")} |`;
}

export function sectionOf(outcome: Outcome): string {
  const {
    sizes,
    runs,
    recovery: { uploads, missing, repeated, seconds },
  } = outcome;
  return `## Notifications

\`make bench-notifications\` measures uploads with and without a notification and writes this section. The receiver runs on the same machine with a low CPU priority, because a receiver normally uses other CPUs. The measurements alternate. Each cell contains the median of ${runs} runs in seconds and, in parentheses, the lowest and the highest value. The CPU time includes the delivery of all events. The engine stores each event before it replies to the client ([decision 0015](../contributing/decisions/0015-thread-for-notifications.md)).

| # | measure | with notification | without notification | CPU time, with | CPU time, without | ratio of the times |
|---|---|---|---|---|---|---|
${CLIENTS.map((clients) => rowOf(clients, outcome)).join("\n")}

In the second measurement, the receiver is down for ${sizes.outage} seconds. During this time, the engine is killed once with SIGKILL while 16 clients upload files, and a new engine starts.

| # | measure | value | goal |
|---|---|---|---|
| 17 | events missing after ${uploads} acknowledged uploads | ${missing} | 0: ${verdict(missing === 0)} |
| 17 | time from the end of the outage to the last event | ${seconds.toFixed(1)} s | ≤ ${RECOVERY_GOAL} s: ${verdict(seconds <= RECOVERY_GOAL)} |
| 17 | requests for events that the receiver already had | ${repeated} | – |
`;
}
