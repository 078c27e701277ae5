/** Generates docs/reference/benchmarks.md. */
import { cpus, release, totalmem } from "node:os";
import { table, type Result } from "./report.ts";
import type { ServerName } from "./setups.ts";

const GIBIBYTE = 2 ** 30;

/** Returns the page: the measured values, the machine and how to read them. @param notes method and causes */
export function page(
  {
    results,
    starts,
    versions,
  }: { results: readonly Result[]; starts: readonly number[]; versions: ReadonlyMap<ServerName, string> },
  notes: string,
): string {
  const [cpu] = cpus();
  return `# Benchmarks

\`make bench\` measures the engine and four other FTP servers on one machine and writes this page. Each cell contains the median of the runs and, in parentheses, the lowest and the highest value. The servers take turns within a run. Compare the servers of one run: absolute values depend on the
machine.

- Machine: ${cpus().length} × ${cpu?.model ?? "unknown"}, ${Math.round(totalmem() / GIBIBYTE)} GiB, Linux ${release()}, Node.js ${process.version.slice(1)}
- Servers: ${[...versions].map(([name, version]) => `${name} ${version}`).join(", ")}

The last column is the ratio of ftp-operator to the best other server, and the goal of the project. In the plots, the line at the end of a bar goes from the lowest to the highest value.

${table(results, starts)}

![Bar chart: throughput of one large file in MB/s for five servers](plots/benchmarks-throughput.svg)

![Bar chart: transfers of small files per second for five servers](plots/benchmarks-files.svg)

![Bar chart: logins per second for five servers](plots/benchmarks-logins.svg)

![Bar chart: memory of idle sessions in KB per session for five servers](plots/benchmarks-memory.svg)

![Bar chart: listed entries per second for five servers](plots/benchmarks-listings.svg)

${notes.trim()}
`;
}
