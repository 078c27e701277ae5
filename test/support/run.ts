import { relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

/** Test files to run, and options for the run. */
interface Runs {
  /** Paths or glob patterns of the test files. */
  files: readonly string[];
  /** Number of files that run in parallel. With `true`, the number is one less than the number of CPUs. */
  concurrency: number | boolean;
  /** Time limit for one file in milliseconds. Defaults to no limit. */
  timeout?: number;
  /** Called with the title of a test immediately after the test fails. */
  onFailure?: (test: string) => void;
}

/**
 * Runs test files and prints their reports.
 * @returns the files that failed
 */
export async function runFiles({ files, concurrency, timeout, onFailure }: Runs): Promise<string[]> {
  const stream = run({ globPatterns: files, concurrency, ...(timeout !== undefined && { timeout }) });
  const failed = new Set<string>();
  stream.on("test:fail", ({ name, file, details, todo }) => {
    if (todo !== undefined) return;
    failed.add(relative(process.cwd(), file ?? name));
    if (details.type !== "suite") onFailure?.(name);
  });
  await new Promise((resolve, reject) => {
    stream.compose(new spec()).on("error", reject).on("end", resolve).pipe(process.stdout, { end: false });
  });
  return [...failed];
}
