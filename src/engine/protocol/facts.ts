// File facts: MLST and MLSD (RFC 3659 section 7), MFMT and MFF (draft-somers-ftp-mfxx).
import type { Permission } from "../../api/engine-config.ts";
import { printable } from "../../common/text.ts";
import { DayTexts, secondOfDay, twoDigits } from "./day-texts.ts";
import type { ListedEntry } from "./list-lines.ts";

/** MLST and MLSD facts (RFC 3659 section 7.5) in output order. */
export const FACTS = ["Type", "Size", "Modify", "Perm", "Unique", "UNIX.mode"] as const;

export type Fact = (typeof FACTS)[number];

/** Returns the known facts in a list such as `type;size;`. Ignores case and unknown facts (RFC 3659 section 7.9). */
export function parseFacts(list: string): Fact[] {
  const requested = new Set(list.toLowerCase().split(";"));
  return FACTS.filter((fact) => requested.has(fact.toLowerCase()));
}

/** Returns a list of facts, for example `Type;Size;`. */
export function factList(facts: readonly Fact[]): string {
  return facts.map((fact) => `${fact};`).join("");
}

/** Returns the MLST line for FEAT: all facts, with an asterisk after each enabled fact (RFC 3659 section 7.8). */
export function factFeature(inUse: ReadonlySet<Fact>): string {
  return `MLST ${FACTS.map((fact) => `${fact}${inUse.has(fact) ? "*" : ""};`).join("")}`;
}

/**
 * Returns one line for MLSD or MLST, without CRLF. The line contains the facts, a space, and the name (RFC 3659 section
 * 7.2). A listing calls this function for each entry, so the function creates no arrays.
 * @param days result of `factDays` for the listing
 */
export function factLine(
  entry: ListedEntry,
  name: string,
  facts: ReadonlySet<Fact>,
  permissions: ReadonlySet<Permission>,
  days = factDays(),
): string {
  const isFile = entry.type === "File";
  let line = "";
  if (facts.has("Type")) line += isFile ? "Type=file;" : "Type=dir;";
  if (isFile && facts.has("Size")) line += `Size=${entry.size};`;
  if (facts.has("Modify")) line += `Modify=${timeValue(entry.modified, days)};`;
  if (facts.has("Perm")) line += `Perm=${permValue(isFile ? FILE_LETTERS : DIRECTORY_LETTERS, permissions)};`;
  if (facts.has("Unique")) line += `Unique=${uniqueValue(entry.unique)};`;
  if (facts.has("UNIX.mode")) line += `UNIX.mode=${modeValue(entry.mode)};`;
  return `${line} ${printable(name)}`;
}

/** Permission that corresponds to each letter of the `perm` fact (RFC 3659 section 7.5.5). */
type Letters = readonly (readonly [string, Permission | undefined])[];
const FILE_LETTERS: Letters = [
  ["a", "Append"],
  ["d", "Delete"],
  ["f", "Rename"],
  ["r", "Read"],
  ["w", "Write"],
];
const DIRECTORY_LETTERS: Letters = [
  ["c", "Write"],
  ["d", "RemoveDirectory"],
  ["e", undefined],
  ["f", "Rename"],
  ["l", "List"],
  ["m", "MakeDirectory"],
  ["p", "Delete"],
];

/** Characters that cannot be part of a fact. */
const NOT_IN_FACTS = /[\p{Cc};]/u;

function uniqueValue(unique: string): string {
  return NOT_IN_FACTS.test(unique) ? printable(unique).replaceAll(";", "") : unique;
}

function permValue(letters: Letters, permissions: ReadonlySet<Permission>): string {
  let value = "";
  for (const [letter, permission] of letters)
    if (permission === undefined || permissions.has(permission)) value += letter;
  return value;
}

/** Returns the days of entries in the format `YYYYMMDD`. */
export function factDays(): DayTexts {
  return new DayTexts(
    (time) =>
      String(time.getUTCFullYear()).padStart(4, "0") +
      twoDigits(time.getUTCMonth() + 1) +
      twoDigits(time.getUTCDate()),
  );
}

/** Returns a UTC time in the format `YYYYMMDDHHMMSS` (RFC 3659 section 2.3). */
export function timeValue(time: Date, days = factDays()): string {
  const second = secondOfDay(time);
  const minute = Math.floor(second / 60);
  return days.of(time) + twoDigits(Math.floor(minute / 60)) + twoDigits(minute % 60) + twoDigits(second % 60);
}

/** Parses a time in the format `YYYYMMDDHHMMSS` with an optional fraction. Returns undefined for an invalid time. */
export function parseTimeValue(text: string): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?$/u.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // `Date` converts February 30 to a day in March.
  return Number.isNaN(time.getTime()) || timeValue(time) !== text.slice(0, 14) ? undefined : time;
}

/** Texts for all values of the nine mode bits. */
const MODE_VALUES = Array.from({ length: 0o1000 }, (_, mode) => `0${mode.toString(8).padStart(3, "0")}`);

/** Returns the permission bits of a mode in octal notation, for example `0644`. */
export function modeValue(mode: number): string {
  return MODE_VALUES[mode & PERMISSION_BITS] ?? "";
}

/** Mode bits that a client can set. */
const PERMISSION_BITS = 0o777;
/** A complete `st_mode` with a leading zero, such as 0100644, has seven digits. */
const OCTAL_MODE = /^[0-7]{1,7}$/u;

/**
 * Returns the permission bits from an octal mode such as `644`, `0644` or `1755`. Returns undefined when the text is
 * not an octal number. Drops the file type, setuid, setgid and sticky bits, because clients such as lftp copy these
 * bits from local files.
 */
export function parseMode(text: string): number | undefined {
  return OCTAL_MODE.test(text) ? Number.parseInt(text, 8) & PERMISSION_BITS : undefined;
}
