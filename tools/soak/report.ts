/** Generates docs/reference/soak.md. */
import { cpus, release, totalmem } from "node:os";
import { type Held, QUANTITIES, TOLERANCES } from "./measure.ts";
import type { Tallies } from "./load.ts";
import type { Tally } from "./tally.ts";

const MEBIBYTE = 2 ** 20;
const UNITS: Readonly<Record<keyof Held, string>> = {
  heap: "JavaScript heap after garbage collection, MiB",
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
  /** Average number of CPU cores that the engine uses during the load. */
  cores: number;
  sessions: number;
  bytes: number;
  /** Number of applied configurations and certificates. */
  reloads: readonly number[];
  exitCode: number | null;
  /** Empty if the run passed. */
  violations: readonly string[];
}

/**
 * Returns two tables. The first table contains the resources before and after the load, with the allowed growth. The
 * second table contains the jobs.
 */
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
    table(["", "before", "after", "allowed growth"], held),
    table(["job or change", "times"], done.toSorted(byName)),
    table(["broken client", "times"], broken.toSorted(byName)),
  ].join("\n\n");
}

/** Returns docs/reference/soak.md. */
export function page(findings: Findings): string {
  const { minutes, cores, sessions, bytes, reloads, tallies, drained, exitCode, violations } = findings;
  const [cpu] = cpus();
  const failed = tallies.good.failed + drained.failed;
  return `# Endurance test

\`make soak\` runs one engine process under load for a long time and writes this page. Well-behaved and broken clients connect while the configuration and the certificates change. At the end, the engine receives SIGTERM during transfers.
The test measures memory, descriptors and sessions after a short warm-up, and again after the last client has disconnected.

- Machine: ${cpus().length} × ${cpu?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node.js ${process.version.slice(1)}
- Load: ${minutes} minutes, ${sessions} sessions, ${(bytes / 2 ** 30).toFixed(1)} GiB transferred, and ${cores.toFixed(2)} CPU cores used by the engine
- Reloads: ${reloads[0]} configuration reloads and ${reloads[1]} certificate reloads
- Failed jobs of well-behaved clients: ${failed} of ${tallies.good.total + failed + drained.total}
- Exit code after SIGTERM: ${exitCode}
- Result: ${violations.length === 0 ? "no leaks and no failures" : violations.join("; ")}

![Bar chart: JavaScript heap and resident memory of the engine in MiB before and after the load](plots/soak-memory.svg)

${tables(findings)}

A job is one session of a well-behaved client. The client compares the SHA-256 checksum of every file. If the engine does not close the connection of a broken client, the test closes the connection. Growth up to the value in the last column is
not a leak, because compiled code, fixed-size caches and the memory allocator need some memory.
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
