import { relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

/** Test files, and how to run them. */
interface Runs {
  /** Paths or glob patterns. */
  files: readonly string[];
  /** Number of files that run at the same time. `true` is one less than the number of processors. */
  concurrency: number | boolean;
  /** Time limit of one file in milliseconds. No limit by default. */
  timeout?: number;
  /** Called with the title of each test that fails, immediately. */
  onFailure?: (test: string) => void;
}

/**
 * Runs test files and prints what they report.
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
