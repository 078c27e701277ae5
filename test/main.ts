/** Runs the test files that the arguments select. Each argument is a path or a glob pattern. */
import { join } from "node:path";
import { failureLines, runFiles } from "./support/run.ts";

// Each file runs in a new process, and many tests start programs of src/. The cache contains compiled modules. It is in
// node_modules/, so `npm ci` removes it.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "../node_modules/.cache/node");

const failures = await runFiles({ files: process.argv.slice(2), concurrency: true });
if (failures.length > 0) {
  console.error(failureLines(failures).join("\n"));
  process.exitCode = 1;
}
