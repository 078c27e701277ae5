/** Runs the test files that the arguments select. Each argument is a path or a glob pattern. */
import { failureLines, runFiles } from "./support/run.ts";

const failures = await runFiles({ files: process.argv.slice(2), concurrency: true });
if (failures.length > 0) {
  console.error(failureLines(failures).join("\n"));
  process.exitCode = 1;
}
