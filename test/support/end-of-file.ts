/**
 * Loaded before each test file. Ends a test file that continues to run after its last test, for example because a failed
 * test left a socket open. The option `forceExit` of Node.js also does this, but loses reports of tests on a busy
 * machine.
 */
import { after } from "node:test";

/** Environment variable with the maximum duration in milliseconds from the last test to the end of the process. */
export const END_TIMEOUT = "FTP_OPERATOR_TEST_END_TIMEOUT";

const limit = Number(process.env[END_TIMEOUT]);

// The test runner imports this file too, without the variable.
if (limit > 0) {
  after(() => {
    setTimeout(() => {
      console.error(`the test file did not end, open: ${process.getActiveResourcesInfo().join(", ")}`);
      process.exit(1);
    }, limit).unref();
  });
}
