import { relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

export interface Runs {
  /** Paths, or patterns of them. */
  files: readonly string[];
  /** How many files at once; true: one less than there are processors. */
  concurrency: number | boolean;
  /** Of one file, in milliseconds; none when left out. */
  timeout?: number;
  /** A file that failed is run once more, alone, and counts as passed if it passes then; it is named all the same. */
  secondTry: boolean;
  onFailure?: (test: string) => void;
}

/**
 * Runs test files and prints what they report.
 * @returns the files that failed
 */
export async function runFiles({ secondTry, files, ...options }: Runs): Promise<string[]> {
  const failed = await runOnce(files, options);
  if (failed.length === 0 || !secondTry) return failed;
  console.log(`\n== second try, one after the other: ${failed.join(", ")}\n`);
  const again = await runOnce(failed, { ...options, concurrency: 1 });
  for (const file of failed)
    if (!again.includes(file)) console.log(`UNSTABLE: ${file} failed once and then passed; look at it`);
  return again;
}

async function runOnce(
  files: readonly string[],
  { concurrency, timeout, onFailure }: Omit<Runs, "secondTry" | "files">,
): Promise<string[]> {
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
