/**
 * Loaded before each test file. Ends a test file that continues to run after its last test, for example because a failed
 * test left a socket open. The parameter `limit` in the URL of this module is the maximum time in milliseconds from the
 * last test to the end of the process. The option `forceExit` of Node.js also ends the process, but on a busy machine it
 * loses the reports of the last tests.
 */
import { after } from "node:test";

const limit = Number(new URL(import.meta.url).searchParams.get("limit"));

after(() => {
  setTimeout(() => {
    console.error(`the test file did not end, open: ${process.getActiveResourcesInfo().join(", ")}`);
    process.exit(1);
  }, limit).unref();
});
