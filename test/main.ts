/** Runs the test files that its arguments name (patterns). SECOND_TRY=yes runs those that failed once more. */
import { runFiles } from "./support/run.ts";

const failed = await runFiles({
  files: process.argv.slice(2),
  concurrency: true,
  secondTry: process.env["SECOND_TRY"] === "yes",
});
if (failed.length > 0) {
  console.error(`failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
