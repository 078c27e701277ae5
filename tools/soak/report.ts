/** What the run found, as Markdown. */
import { cpus, release, totalmem } from "node:os";
import { type Held, QUANTITIES, TOLERANCES } from "./measure.ts";
import type { Tallies } from "./load.ts";
import type { Tally } from "./tally.ts";

const MEBIBYTE = 2 ** 20;
const UNITS: Readonly<Record<keyof Held, string>> = {
  heap: "JavaScript heap after a collection, MiB",
  rss: "resident memory, MiB",
  descriptors: "open descriptors",
  sessions: "sessions",
  reservations: "passive reservations",
  transfers: "transfers in progress",
};

export interface Findings {
  minutes: number;
  tallies: Tallies;
  drained: Tally;
  before: Held;
  after: Held;
  /** Of the engine over the load: seconds of processor time per second. */
  cores: number;
  sessions: number;
  bytes: number;
  /** Configurations and certificates that the engine took. */
  reloads: readonly number[];
  exitCode: number | null;
  /** Empty: all is well. */
  violations: readonly string[];
}

/** Before, after and what is allowed; then what was done. */
export function tables({ tallies, drained, before, after }: Findings): string {
  const held = QUANTITIES.map((name) => [
    UNITS[name],
    figure(name, before[name]),
    figure(name, after[name]),
    allowance(name),
  ]);
  const done = [...tallies.good.done, ...tallies.changes.done, ...drained.done].map(([name, count]) => [
    name,
    String(count),
  ]);
  const broken = [...tallies.broken.done].map(([name, count]) => [name, String(count)]);
  return [
    table(["", "before", "after", "may grow by"], held),
    table(["well-behaved job, or change", "times"], done.toSorted(byName)),
    table(["broken client", "times"], broken.toSorted(byName)),
  ].join("\n\n");
}

/** docs/reference/soak.md. */
export function page(findings: Findings): string {
  const { minutes, cores, sessions, bytes, reloads, tallies, drained, exitCode, violations } = findings;
  const [cpu] = cpus();
  const failed = tallies.good.failed + drained.failed;
  return `# Endurance

Written by \`make soak\`, which runs the engine as one process under well-behaved clients, broken ones, configuration reloads and certificate
changes, and ends it with SIGTERM while transfers run. What the engine holds is measured before the load, after a short warm-up, and after it,
once the last client is gone.

- Machine: ${cpus().length} × ${cpu?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version.slice(1)}
- Load: ${minutes} minutes, ${sessions} sessions, ${(bytes / 2 ** 30).toFixed(1)} GiB moved; the engine used ${cores.toFixed(2)} of a core
- Changes taken: ${reloads[0]} configurations, ${reloads[1]} certificates
- Failed well-behaved jobs: ${failed} of ${tallies.good.total + failed + drained.total}
- Exit code after SIGTERM: ${exitCode}
- Verdict: ${violations.length === 0 ? "nothing leaked, nothing failed" : violations.join("; ")}

${tables(findings)}

A well-behaved job is a session of its own in which every byte is checked by SHA-256. A broken client is cut off in the end, if the engine has not
done so before. Growth within the last column is none: compiled code, caches of fixed size and the allocator need some room.
`;
}

function figure(name: keyof Held, value: number): string {
  return name === "heap" || name === "rss" ? (value / MEBIBYTE).toFixed(1) : String(value);
}

function allowance(name: keyof Held): string {
  const { share, plus } = TOLERANCES[name];
  return share === 0 && plus === 0 ? "0" : `${share * 100} % and ${figure(name, plus)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function byName([a = ""]: readonly string[], [b = ""]: readonly string[]): number {
  return a.localeCompare(b);
}
