/**
 * Runs the test files that the arguments select. Each argument is a path or a glob pattern. First, as many files run in
 * parallel as the machine has CPUs. Then the files that depend on time, and the files in SHARED, run one after another.
 */
import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, matchesGlob } from "node:path";
import { dependsOnTime } from "./support/depends-on-time.ts";
import { failureLines, runFiles } from "./support/run.ts";

// Each file runs in a new process, and many tests start programs of src/. The cache contains compiled modules. It is in
// node_modules/, so `npm ci` removes it.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "../node_modules/.cache/node");

/** Folders whose tests install programs, build programs, or copy the checkout. */
const SHARED = "test/{tools,repository}/**";

/** Time limit for a test, several times the duration of the slowest test on a busy machine. */
const TEST_TIMEOUT_MILLISECONDS = 10 * 60_000;

const files = [...new Set(process.argv.slice(2).flatMap(matches))].toSorted();
const { alone = [], parallel = [] } = Object.groupBy(files, (file) =>
  matchesGlob(file, SHARED) || dependsOnTime(readFileSync(file, "utf8")) ? "alone" : "parallel",
);
const failures = [
  ...(await runFiles({
    files: parallel,
    concurrency: availableParallelism(),
    timeout: TEST_TIMEOUT_MILLISECONDS,
  })),
  ...(await runFiles({ files: alone, concurrency: 1, timeout: TEST_TIMEOUT_MILLISECONDS })),
];
if (failures.length > 0) {
  console.error(failureLines(failures).join("\n"));
  process.exitCode = 1;
}

/** @throws Error when no file matches, so that a wrong pattern does not skip tests */
function matches(pattern: string): string[] {
  const found = globSync(pattern);
  if (found.length === 0) throw new Error(`no test file matches ${pattern}`);
  return found;
}
