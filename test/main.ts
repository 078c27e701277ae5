/** Runs the test files that the arguments select. Each argument is a path or a glob pattern. */
import { runFiles } from "./support/run.ts";

const failed = await runFiles({ files: process.argv.slice(2), concurrency: true });
if (failed.length > 0) {
  console.error(`failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
