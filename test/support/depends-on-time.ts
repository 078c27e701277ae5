/** Matches calls that measure time or wait, time limits of tests and commands, and short Leases. */
const TIME =
  /\b(?:performance\.now|cpuUsage|hrtime|setTimeout|sleep|delay|untilQuiet|assertQuiet)\(|\btimeout: |-lease-duration=/;

/**
 * Returns whether the result of a test file can depend on the speed of the machine. Such a file runs alone, so that
 * other test files do not slow it down.
 * @param source text of the test file
 */
export function dependsOnTime(source: string): boolean {
  return TIME.test(source);
}
