import { printable } from "../../common/text.ts";

/** A file or directory in a listing. */
export interface ListedEntry {
  name: string;
  type: "File" | "Directory";
  /** Bytes; 0 for directories. */
  size: number;
  modified: Date;
  /** Identity of the file: stable while the file exists (MLST `unique`). */
  unique: string;
  /** POSIX mode bits, lower nine. */
  mode: number;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Like `ls`, a listing shows the year instead of the hour for older times and for times in the future. */
const RECENT_MILLISECONDS = 180 * 24 * 3600 * 1000;

/** Text of the nine mode bits, as `ls -l` shows them. */
const MODE_TEXTS = Array.from({ length: 0o1000 }, (_, mode) =>
  "rwxrwxrwx".replaceAll(/./gu, (letter, index: number) => (mode & (0o400 >> index) ? letter : "-")),
);

/**
 * Returns one line of LIST in the format of `ls -l`, without CRLF. Times are UTC.
 * @param now milliseconds since the epoch
 */
export function listLine(entry: ListedEntry, now: number): string {
  const kind = entry.type === "Directory" ? "d" : "-";
  const links = entry.type === "Directory" ? 2 : 1;
  const owner = "ftp      ftp     ";
  return `${kind}${MODE_TEXTS[entry.mode & 0o777] ?? ""} ${String(links).padStart(4)} ${owner} ${String(entry.size).padStart(12)} ${listTime(entry.modified, now)} ${printable(entry.name)}`;
}

function listTime(time: Date, now: number): string {
  const day = `${MONTHS[time.getUTCMonth()] ?? ""} ${String(time.getUTCDate()).padStart(2)}`;
  const age = now - time.getTime();
  if (age < -24 * 3600 * 1000 || age > RECENT_MILLISECONDS)
    return `${day}  ${String(time.getUTCFullYear()).padStart(4, "0")}`;
  return `${day} ${twoDigits(time.getUTCHours())}:${twoDigits(time.getUTCMinutes())}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
