/** A parsed command line. */
export interface CommandLine {
  /** Verb in upper case. The value is empty for a blank line. */
  verb: string;
  /** Unchanged text after the first space. File names can begin and end with spaces. */
  argument: string;
}

/** Splits a line at its first space (RFC 959 section 5.3). */
export function parseCommandLine(line: string): CommandLine {
  const space = line.indexOf(" ");
  if (space < 0) return { verb: line.toUpperCase(), argument: "" };
  return { verb: line.slice(0, space).toUpperCase(), argument: line.slice(space + 1) };
}

const FOREIGN_VERBS = new Set(
  "GET HEAD POST PUT PATCH DELETE OPTIONS CONNECT TRACE HELO EHLO LHLO MAIL RCPT DATA BDAT".split(" "),
);

/**
 * Returns whether a verb belongs to HTTP, SMTP or SSH. An attacker can redirect clients of these protocols to the
 * engine (CVE-2021-3618).
 */
export function isForeignVerb(verb: string): boolean {
  return FOREIGN_VERBS.has(verb) || verb.startsWith("SSH-");
}
