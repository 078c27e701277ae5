import { printable } from "../../common/text.ts";
import { DayTexts, secondOfDay, twoDigits } from "./day-texts.ts";

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

/** Number of characters of the size in a LIST line. */
const SIZE_WIDTH = 12;
/** Spaces before a size with the given number of digits. */
const SIZE_SPACES = Array.from({ length: SIZE_WIDTH }, (_, digits) => " ".repeat(SIZE_WIDTH - digits));

/**
 * Returns a LIST line in the format of `ls -l`, without CRLF. Times are in UTC.
 * @param now milliseconds since the epoch
 * @param days result of `listDays` for the listing
 */
export function listLine(entry: ListedEntry, now: number, days = listDays()): string {
  const isDirectory = entry.type === "Directory";
  const mode = MODE_TEXTS[entry.mode & 0o777] ?? "";
  const size = String(entry.size);
  const spaces = SIZE_SPACES[size.length] ?? "";
  return `${isDirectory ? "d" : "-"}${mode}    ${isDirectory ? "2" : "1"} ftp      ftp      ${spaces}${size} ${listTime(entry.modified, now, days)} ${printable(entry.name)}`;
}

/** Returns the month and the day of entries in a LIST line. */
export function listDays(): DayTexts {
  return new DayTexts(
    (time) => `${MONTHS[time.getUTCMonth()] ?? ""} ${String(time.getUTCDate()).padStart(2)}`,
  );
}

function listTime(time: Date, now: number, days: DayTexts): string {
  const day = days.of(time);
  const age = now - time.getTime();
  if (age < -24 * 3600 * 1000 || age > RECENT_MILLISECONDS)
    return `${day}  ${String(time.getUTCFullYear()).padStart(4, "0")}`;
  const minute = Math.floor(secondOfDay(time) / 60);
  return `${day} ${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
}
