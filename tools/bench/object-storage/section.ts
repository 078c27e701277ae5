/** Generates the object storage section in docs/reference/benchmarks.md. */
import { cell, median, verdict } from "../cells.ts";
import { type Figure, type Job, JOBS, type Outcome } from "./jobs.ts";

const MIB = 2 ** 20;
/** Project goal: minimum ratio of the engine's speed to the speed of the client without an FTP server. */
const RATIO_GOAL = 0.9;
/** Project goal: maximum memory in bytes that an engine uses during many concurrent uploads. */
const CROWD_GOAL = 256 * MIB;

const TITLES: Readonly<Record<Job, (sizes: Outcome["sizes"]) => string>> = {
  upload: ({ large }) => `upload of one file of ${large / MIB} MiB`,
  download: ({ large }) => `download of one file of ${large / MIB} MiB`,
  "small-upload": ({ small }) => `upload of ${small} new files of 4 KiB`,
  "small-download": ({ small }) => `download of ${small} files of 4 KiB`,
};

function rowOf(job: Job, { sizes, engine, bare }: Outcome): string {
  const [ours, others] = [engine.get(job) ?? [], bare.get(job) ?? []];
  const seconds = (list: readonly Figure[]): number[] => list.map((one) => one.seconds);
  const cpu = (list: readonly Figure[]): number[] => list.map((one) => one.cpuSeconds);
  const ratio = median(seconds(others)) / median(seconds(ours));
  const cells = [
    TITLES[job](sizes),
    ...[seconds(ours), seconds(others), cpu(ours), cpu(others)].map(cell),
    `${ratio.toFixed(2)}, goal ≥ ${RATIO_GOAL}: ${verdict(ratio >= RATIO_GOAL)}`,
  ];
  return `| 16 | ${cells.join(" | ")} |`;
}

const VOLUME_JOBS = ["small-upload", "small-download"] as const;

function volumeRow(job: Job, { sizes, volume }: Outcome): string {
  const figures = volume.get(job) ?? [];
  const cells = [figures.map((one) => one.seconds), figures.map((one) => one.cpuSeconds)].map(cell);
  return `| 16 | volume: ${TITLES[job](sizes)} | ${cells.join(" | ")} |`;
}

export function sectionOf(outcome: Outcome): string {
  const { sizes, runs, memory } = outcome;
  const inMib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;
  return `## Object storage

\`make bench-object-storage\` stores files in a versitygw bucket on the same machine and writes this section. This section compares the engine with the AWS SDK without an FTP server. The SDK uses its default settings, except for the part size and concurrency, which equal those of the engine. The measurements alternate. Each cell contains the median of ${runs} runs in seconds and, in parentheses, the lowest and the highest value. The CPU time excludes versitygw and the FTP client.

| # | measure | engine | SDK | CPU time, engine | CPU time, SDK | ratio of the speeds |
|---|---|---|---|---|---|---|
${JOBS.map((job) => rowOf(job, outcome)).join("\n")}

| # | memory | value | goal |
|---|---|---|---|
| 16 | peak resident memory, ${sizes.crowd} concurrent uploads of ${inMib(sizes.crowdBytes)} | ${inMib(memory.crowd)} | ≤ ${inMib(CROWD_GOAL)}: ${verdict(memory.crowd <= CROWD_GOAL)} |
| 16 | idle engine with a bucket (PSS) | ${inMib(memory.idleBucket)} | – |
| 16 | idle engine with a volume, without the SDK (PSS) | ${inMib(memory.idleVolume)} | – |

The SDK and the engine each send one request for each small file, except for the first upload to a directory. Each FTP transfer also requires two commands and a data connection. The last table shows the duration of the same FTP transfers with an engine that stores the files on a volume (tmpfs). With a large file, versitygw, the engine and the FTP client share the two cores of the machine.

| # | FTP without S3 requests | seconds | CPU time, engine |
|---|---|---|---|
${VOLUME_JOBS.map((job) => volumeRow(job, outcome)).join("\n")}
`;
}
