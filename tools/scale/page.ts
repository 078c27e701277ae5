/** What the runs found, as Markdown. */
import { cpus, release, totalmem } from "node:os";
import type { OperatorFindings } from "./measure.ts";
import { readsAndWrites } from "./requests.ts";

const MEBIBYTE = 2 ** 20;

/** One line of the table: so many FtpServers, once. */
export interface Run {
  readonly servers: number;
  readonly passwords: "Hashed" | "Plain";
  readonly operator: OperatorFindings;
  readonly rawSeconds: number;
}

/** A column for each run; the goals stand first. */
export function table(runs: readonly Run[]): string {
  const head = runs.map(({ servers, passwords }) => `${servers}, ${passwords.toLowerCase()} passwords`);
  const row = (name: string, goal: string, figure: (run: Run) => string): string[] => [
    name,
    goal,
    ...runs.map(figure),
  ];
  const rows = [
    row("applied to all children written, s", "", ({ operator }) => operator.seconds.toFixed(1)),
    row("applied to all statuses written, s", "", ({ operator }) => operator.toldSeconds.toFixed(1)),
    row("raw writes of the same objects, s", "", ({ rawSeconds }) => rawSeconds.toFixed(1)),
    row("**ratio**", "≤ 1.3", ({ operator, rawSeconds }) => (operator.seconds / rawSeconds).toFixed(2)),
    row("**writes after a restart, nothing changed**", "0", ({ operator }) =>
      String(operator.restartWrites.length),
    ),
    row(
      "**memory once all is written**, MiB",
      "≤ 256",
      memory(({ memory: { resident } }) => resident),
    ),
    row(
      "its peak on the way, MiB",
      "",
      memory(({ memory: { peak } }) => peak),
    ),
    row(
      "JavaScript heap then, MiB",
      "",
      memory(({ memory: { heap } }) => heap),
    ),
    row(
      "**memory after a restart**, MiB",
      "≤ 256",
      memory(({ restartMemory: { resident } }) => resident),
    ),
    row(
      "its peak on the way, MiB",
      "",
      memory(({ restartMemory: { peak } }) => peak),
    ),
    row(
      "JavaScript heap then, MiB",
      "",
      memory(({ restartMemory: { heap } }) => heap),
    ),
    row("**longest wait for its metrics**, s", "≤ 1", ({ operator }) => operator.slowestAnswer.toFixed(2)),
    row("processor time of the operator, s", "", ({ operator }) => operator.cpuSeconds.toFixed(1)),
    row("requests per FtpServer", "", (run) => perServer(run, readsAndWrites(run.operator.requests))),
    row("requests per FtpServer after a restart, lists apart", "0", (run) =>
      perServer(run, readsAndWrites(run.operator.restartRequests)),
    ),
  ];
  return markdown(["FtpServers", "goal", ...head], rows);
}

/** Requests for one FtpServer by verb and resource. */
export function requestTable(run: Run): string {
  const rows = readsAndWrites(run.operator.requests).map((entry) => [entry[0], perServer(run, [entry])]);
  return markdown(["request", "per FtpServer"], rows);
}

/** docs/reference/scale.md. @param notes what limits the rows */
export function page(runs: readonly Run[], notes: string): string {
  const [cpu] = cpus();
  const [first] = runs;
  return `# Scale

Written by \`make scale\`, which runs the built operator as a process of its own against a real etcd and kube-apiserver, without nodes.

- Machine: ${cpus().length} × ${cpu?.model ?? "unknown"}, shared with other work, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version.slice(1)}
- Operator, API server, etcd and the writer of FtpServers share these cores: only figures of one column compare.

${table(runs)}

Requests of the first round, lists and watches apart:

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
