/** docs/reference/benchmarks.md. */
import { cpus, release, totalmem } from "node:os";
import { table, type Result } from "./report.ts";
import type { ServerName } from "./setups.ts";

const GIBIBYTE = 2 ** 30;

/** The whole page: figures, what they were measured on, and how to read them. */
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

Written by \`make bench\`. Figures of one machine mean little by themselves; what counts is how the servers compare in one run, in which they
take turns. Each cell has the median and, in brackets, the least and the most.

- Machine: ${cpus().length} × ${cpu?.model ?? "unknown"}, ${Math.round(totalmem() / GIBIBYTE)} GiB, Linux ${release()}, Node ${process.version.slice(1)}
- Servers: ${[...versions].map(([name, version]) => `${name} ${version}`).join(", ")}

${table(results, starts)}

${notes.trim()}
`;
}
