import type { Stats } from "node:fs";
import type { Entry } from "../../storage.ts";

const MODE_BITS = 0o777;

/**
 * Times that FTP can express: RFC 3659 section 2.3 has four digits for a year. File systems can store other times, for example
 * from `touch` with a wrong unit, and JavaScript's Date ends in the year 275760. Milliseconds since the epoch.
 */
const EARLIEST = Date.parse("0000-01-01T00:00:00Z");
const LATEST = Date.parse("9999-12-31T23:59:59Z");

/**
 * Returns the entry of a file or directory for a client; undefined for links, devices, sockets and pipes, which are never shown.
 * A time before the year 0 or after the year 9999 is replaced by the nearest time in that range.
 */
export function entryOf(name: string, stats: Stats): Entry | undefined {
  const isFile = stats.isFile();
  if (!isFile && !stats.isDirectory()) return undefined;
  return {
    name,
    type: isFile ? "File" : "Directory",
    size: isFile ? stats.size : 0,
    modified: new Date(Math.min(LATEST, Math.max(EARLIEST, Math.round(stats.mtimeMs)))),
    unique: uniqueOf(stats),
    mode: stats.mode & MODE_BITS,
  };
}

/** Returns the identity of a file or directory, as in `Entry.unique`. */
export function uniqueOf({ dev, ino }: Stats): string {
  return `${dev.toString(16)}g${ino.toString(16)}`;
}
