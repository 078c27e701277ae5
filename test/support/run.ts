import { relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

/** A failed test and the message of its error. */
export interface Failure {
  file: string;
  test: string;
  message: string;
}

/** Maximum length of the message in one line of {@link failureLines}, in UTF-16 units. */
const MAX_MESSAGE_LENGTH = 2000;

/** Test files to run, and options for the run. */
interface Runs {
  /** Paths or glob patterns of the test files. */
  files: readonly string[];
  /** Maximum number of files that run in parallel. */
  concurrency: number;
  /** Time limit in milliseconds for each test without its own limit, and for the end of a file after its last test. */
  timeout: number;
  /** Called with the title of a test immediately after the test fails. */
  onFailure?: (test: string) => void;
}

/**
 * Runs test files and prints their reports.
 * @returns the failed tests, without suites that failed only because of a test in the suite
 */
export async function runFiles({ files, concurrency, timeout, onFailure }: Runs): Promise<Failure[]> {
  // run() selects all test files in the working directory when the list is empty.
  if (files.length === 0) return [];
  const endOfFile = new URL(`./end-of-file.ts?limit=${timeout}`, import.meta.url).href;
  const stream = run({ globPatterns: files, concurrency, timeout, execArgv: ["--import", endOfFile] });
  const failures: Failure[] = [];
  stream.on("test:fail", ({ name, file, details, todo }) => {
    const { error } = details;
    if (todo !== undefined || ("failureType" in error && error.failureType === "subtestsFailed")) return;
    const { cause = error } = error;
    const message = cause instanceof Error ? cause.message : String(cause);
    failures.push({ file: relative(process.cwd(), file ?? name), test: name, message });
    onFailure?.(name);
  });
  await new Promise((resolve, reject) => {
    stream.compose(new spec()).on("error", reject).on("end", resolve).pipe(process.stdout, { end: false });
  });
  return failures;
}

/** Returns one paragraph with the cause of each failure, for a summary after the complete log. */
export function failureLines(failures: readonly Failure[]): string[] {
  return failures.map(
    ({ file, test, message }) => `failed: ${file}: ${test}\n${message.slice(0, MAX_MESSAGE_LENGTH)}`,
  );
}
