import type { Stats } from "node:fs";
import type { Entry } from "./storage.ts";

const MODE_BITS = 0o777;

/** What a client sees of a file or directory; undefined for links, devices, sockets and pipes, which it never sees. */
export function entryOf(name: string, stats: Stats): Entry | undefined {
  const isFile = stats.isFile();
  if (!isFile && !stats.isDirectory()) return undefined;
  return {
    name,
    type: isFile ? "File" : "Directory",
    size: isFile ? stats.size : 0,
    modified: new Date(Math.round(stats.mtimeMs)),
    unique: `${stats.dev.toString(16)}g${stats.ino.toString(16)}`,
    mode: stats.mode & MODE_BITS,
  };
}
