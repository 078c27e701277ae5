import { printable } from "../../common/text.ts";

/** File or directory in a listing. */
export interface ListedEntry {
  name: string;
  type: "File" | "Directory";
  /** Size in bytes. The size of a directory is 0. */
  size: number;
  modified: Date;
  /** File identifier that does not change while the file exists (MLST fact `unique`). */
  unique: string;
  /** Lower nine POSIX mode bits. */
  mode: number;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/**
 * Maximum age in milliseconds of a modification time for which listings show the time of day. Like `ls`, listings show
 * the year for older and future times.
 */
const RECENT_MILLISECONDS = 180 * 24 * 3600 * 1000;

/** Texts for all values of the nine mode bits, in the format of `ls -l`. */
const MODE_TEXTS = Array.from({ length: 0o1000 }, (_, mode) =>
  "rwxrwxrwx".replaceAll(/./gu, (letter, index: number) => (mode & (0o400 >> index) ? letter : "-")),
);

/**
 * Returns a LIST line in the format of `ls -l`, without CRLF. Times are in UTC.
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
