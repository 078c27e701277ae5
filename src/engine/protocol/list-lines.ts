import type { Permission } from "../../api/engine-config.ts";
import { printable } from "../../common/printable.ts";
import type { Fact } from "../session/state.ts";
import type { Entry } from "../storage/storage.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** An older time, or one in the future, shows its year instead of its hour, as ls does. */
const RECENT_MILLISECONDS = 180 * 24 * 3600 * 1000;

/** One line of LIST in the shape of `ls -l`, without its end; times in UTC. */
export function listLine(entry: Entry, now: number): string {
  const kind = entry.type === "Directory" ? "d" : "-";
  const links = entry.type === "Directory" ? 2 : 1;
  const owner = "ftp      ftp     ";
  return `${kind}${MODE_TEXTS[entry.mode & 0o777] ?? ""} ${String(links).padStart(4)} ${owner} ${String(entry.size).padStart(12)} ${listTime(entry.modified, now)} ${printable(entry.name)}`;
}

/** By the nine bits of a mode. */
const MODE_TEXTS = Array.from({ length: 0o1000 }, (_, mode) =>
  "rwxrwxrwx".replaceAll(/./gu, (letter, index: number) => (mode & (0o400 >> index) ? letter : "-")),
);

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

/** A time as `YYYYMMDDHHMMSS`, UTC (RFC 3659 section 2.3). */
export function timeValue(time: Date): string {
  const iso = time.toISOString();
  return (
    iso.slice(0, 4) +
    iso.slice(5, 7) +
    iso.slice(8, 10) +
    iso.slice(11, 13) +
    iso.slice(14, 16) +
    iso.slice(17, 19)
  );
}

/** The time of a `YYYYMMDDHHMMSS` with or without a fraction; undefined when it is none. */
export function parseTimeValue(text: string): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?$/u.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Date takes February 30 for March 2.
  return Number.isNaN(time.getTime()) || timeValue(time) !== text.slice(0, 14) ? undefined : time;
}

/** One line of MLSD or MLST without its end: the facts, a space, the name (RFC 3659 section 7.2). */
export function factLine(
  entry: Entry,
  name: string,
  facts: ReadonlySet<Fact>,
  allowed: ReadonlySet<Permission>,
): string {
  const told = [...facts].map((fact) => {
    const value = factValue(fact, entry, allowed);
    return value === undefined ? "" : `${fact}=${value};`;
  });
  return `${told.join("")} ${printable(name)}`;
}

function factValue(fact: Fact, entry: Entry, allowed: ReadonlySet<Permission>): string | undefined {
  switch (fact) {
    case "Type":
      return entry.type === "Directory" ? "dir" : "file";
    case "Size":
      return entry.type === "File" ? String(entry.size) : undefined;
    case "Modify":
      return timeValue(entry.modified);
    case "Perm":
      return permValue(entry, allowed);
    case "Unique":
      return printable(entry.unique).replaceAll(";", "");
    case "UNIX.mode":
      return `0${entry.mode.toString(8).padStart(3, "0")}`;
  }
}

/** What each letter of the perm fact stands for (RFC 3659 section 7.5.5). */
const FILE_LETTERS: readonly [string, Permission][] = [
  ["a", "Append"],
  ["d", "Delete"],
  ["f", "Rename"],
  ["r", "Read"],
  ["w", "Write"],
];
const DIRECTORY_LETTERS: readonly [string, Permission | undefined][] = [
  ["c", "Write"],
  ["d", "RemoveDirectory"],
  ["e", undefined],
  ["f", "Rename"],
  ["l", "List"],
  ["m", "MakeDirectory"],
  ["p", "Delete"],
];

function permValue(entry: Entry, allowed: ReadonlySet<Permission>): string {
  const letters = entry.type === "Directory" ? DIRECTORY_LETTERS : FILE_LETTERS;
  return letters
    .filter(([, permission]) => permission === undefined || allowed.has(permission))
    .map(([letter]) => letter)
    .join("");
}
