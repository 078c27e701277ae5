// File facts: MLST and MLSD (RFC 3659 section 7), MFMT and MFF (draft-somers-ftp-mfxx).
import type { Permission } from "../../api/engine-config.ts";
import { printable } from "../../common/text.ts";
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
 * 7.2).
 */
export function factLine(
  entry: ListedEntry,
  name: string,
  facts: ReadonlySet<Fact>,
  permissions: ReadonlySet<Permission>,
): string {
  const values = [...facts].map((fact) => {
    const value = factValue(fact, entry, permissions);
    return value === undefined ? "" : `${fact}=${value};`;
  });
  return `${values.join("")} ${printable(name)}`;
}

function factValue(fact: Fact, entry: ListedEntry, permissions: ReadonlySet<Permission>): string | undefined {
  switch (fact) {
    case "Type":
      return entry.type === "Directory" ? "dir" : "file";
    case "Size":
      return entry.type === "File" ? String(entry.size) : undefined;
    case "Modify":
      return timeValue(entry.modified);
    case "Perm":
      return permValue(entry, permissions);
    case "Unique":
      return printable(entry.unique).replaceAll(";", "");
    case "UNIX.mode":
      return modeValue(entry.mode);
  }
}

/** Permission that corresponds to each letter of the `perm` fact (RFC 3659 section 7.5.5). */
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

function permValue(entry: ListedEntry, permissions: ReadonlySet<Permission>): string {
  const letters = entry.type === "Directory" ? DIRECTORY_LETTERS : FILE_LETTERS;
  return letters
    .filter(([, permission]) => permission === undefined || permissions.has(permission))
    .map(([letter]) => letter)
    .join("");
}

/** Returns a UTC time in the format `YYYYMMDDHHMMSS` (RFC 3659 section 2.3). */
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

/** Parses a time in the format `YYYYMMDDHHMMSS` with an optional fraction. Returns undefined for an invalid time. */
export function parseTimeValue(text: string): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?$/u.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // `Date` converts February 30 to a day in March.
  return Number.isNaN(time.getTime()) || timeValue(time) !== text.slice(0, 14) ? undefined : time;
}

/** Returns a mode in octal notation, for example `0644`. */
export function modeValue(mode: number): string {
  return `0${mode.toString(8).padStart(3, "0")}`;
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
