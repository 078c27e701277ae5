/** Checks the language in all texts in the repository: `npm run check:words [-- PATH...]`. */
import { join } from "node:path";
import { check } from "./check.ts";

const violations = await check(join(import.meta.dirname, "../.."), process.argv.slice(2));
if (violations.length > 0) {
  process.stderr.write(
    `${violations.join("\n")}\n${violations.length} violations; see CONTRIBUTING.md, Language.\n`,
  );
  process.exitCode = 1;
}
