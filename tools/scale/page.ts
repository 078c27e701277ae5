/** Generates docs/reference/scale.md. */
import { cpus, release, totalmem } from "node:os";
import type { OperatorFindings } from "./measure.ts";
import { readsAndWrites } from "./requests.ts";

const MEBIBYTE = 2 ** 20;

/** A table column with the results of a run. */
export interface Run {
  readonly servers: number;
  readonly passwords: "Hashed" | "Plain";
  readonly operator: OperatorFindings;
  readonly rawSeconds: number;
}

/** Returns the result table, with one column for the goals and one column for each run. */
export function table(runs: readonly Run[]): string {
  const head = runs.map(({ servers, passwords }) => `${servers}, ${passwords.toLowerCase()} passwords`);
  const row = (name: string, goal: string, figure: (run: Run) => string): string[] => [
    name,
    goal,
    ...runs.map(figure),
  ];
  const rows = [
    row("time until all children are written, s", "", ({ operator }) => operator.seconds.toFixed(1)),
    row("time until all statuses are written, s", "", ({ operator }) => operator.statusSeconds.toFixed(1)),
    row("time for raw writes of the same objects, s", "", ({ rawSeconds }) => rawSeconds.toFixed(1)),
    row("**ratio of operator time to raw write time**", "≤ 1.3", ({ operator, rawSeconds }) =>
      (operator.seconds / rawSeconds).toFixed(2),
    ),
    row("**writes after a restart without changes**", "0", ({ operator }) =>
      String(operator.restartWrites.length),
    ),
    row(
      "**resident memory when all objects are written**, MiB",
      "≤ 256",
      memory(({ memory: { resident } }) => resident),
    ),
    row(
      "peak resident memory until all objects are written, MiB",
      "",
      memory(({ memory: { peak } }) => peak),
    ),
    row(
      "JavaScript heap, MiB",
      "",
      memory(({ memory: { heap } }) => heap),
    ),
    row(
      "**resident memory after a restart**, MiB",
      "≤ 256",
      memory(({ restartMemory: { resident } }) => resident),
    ),
    row(
      "peak resident memory during the restart, MiB",
      "",
      memory(({ restartMemory: { peak } }) => peak),
    ),
    row(
      "JavaScript heap after the restart, MiB",
      "",
      memory(({ restartMemory: { heap } }) => heap),
    ),
    row("**longest response time of `/metrics`**, s", "≤ 1", ({ operator }) =>
      operator.longestResponseSeconds.toFixed(2),
    ),
    row("CPU time of the operator, s", "", ({ operator }) => operator.cpuSeconds.toFixed(1)),
    row("requests per FtpServer", "", (run) => perServer(run, readsAndWrites(run.operator.requests))),
    row("requests per FtpServer after a restart, without lists", "0", (run) =>
      perServer(run, readsAndWrites(run.operator.restartRequests)),
    ),
  ];
  return markdown(["FtpServers", "goal", ...head], rows);
}

/** Returns a table of the requests per FtpServer, by verb and resource. */
export function requestTable(run: Run): string {
  const rows = readsAndWrites(run.operator.requests).map((entry) => [entry[0], perServer(run, [entry])]);
  return markdown(["request", "per FtpServer"], rows);
}

/** Returns docs/reference/scale.md. @param notes description of the measurement method */
export function page(runs: readonly Run[], notes: string): string {
  const [cpu] = cpus();
  const [first] = runs;
  return `# Scale

\`make scale\` runs the compiled operator as a separate process with a real etcd and kube-apiserver but without nodes, and writes this page.

- Machine: ${cpus().length} × ${cpu?.model ?? "unknown"}, shared with other work, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node.js ${process.version.slice(1)}
- The operator, the API server, etcd and the writers share the CPU cores. Compare only values within one column.

${table(runs)}

![Bar chart: time until all objects exist, in seconds, for each run](plots/scale-seconds.svg)

![Bar chart: resident memory of the operator in MiB for each run, with the memory limit of 256 MiB](plots/scale-memory.svg)

Requests per FtpServer in the first run, without lists and watches:

${first === undefined ? "" : requestTable(first)}

${notes}`;
}

function memory(bytes: (operator: OperatorFindings) => number): (run: Run) => string {
  return ({ operator }) => (bytes(operator) / MEBIBYTE).toFixed(0);
}

function perServer({ servers }: Run, counts: readonly [string, number][]): string {
  const sum = counts.reduce((total, [, count]) => total + count, 0);
  return (sum / servers).toFixed(2).replace(/\.?0+$/u, "");
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
