// Facts about files: RFC 3659 section 7 (MLST, MLSD), draft-somers-ftp-mfxx (MFMT, MFF).
import type { Permission } from "../../api/engine-config.ts";
import { printable } from "../../common/text.ts";
import type { ListedEntry } from "./list-lines.ts";

/** Facts of MLST and MLSD (RFC 3659 section 7.5), in the order in which lines contain them. */
export const FACTS = ["Type", "Size", "Modify", "Perm", "Unique", "UNIX.mode"] as const;

export type Fact = (typeof FACTS)[number];

/** Returns the known facts of a list such as `type;size;`. Case and unknown facts are ignored (RFC 3659 section 7.9). */
export function parseFacts(list: string): Fact[] {
  const requested = new Set(list.toLowerCase().split(";"));
  return FACTS.filter((fact) => requested.has(fact.toLowerCase()));
}

/** Returns facts as a list such as `Type;Size;`. */
export function factList(facts: readonly Fact[]): string {
  return facts.map((fact) => `${fact};`).join("");
}

/** Returns the MLST line of FEAT: all facts, those in use marked with an asterisk (RFC 3659 section 7.8). */
export function factFeature(inUse: ReadonlySet<Fact>): string {
  return `MLST ${FACTS.map((fact) => `${fact}${inUse.has(fact) ? "*" : ""};`).join("")}`;
}

/** Returns one line of MLSD or MLST without CRLF: the facts, a space, the name (RFC 3659 section 7.2). */
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

/** Permission for each letter of the perm fact (RFC 3659 section 7.5.5). */
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

/** Returns a time as `YYYYMMDDHHMMSS`, UTC (RFC 3659 section 2.3). */
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

/** Returns the time of a `YYYYMMDDHHMMSS` with or without a fraction; undefined when the text is not a valid time. */
export function parseTimeValue(text: string): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?$/u.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Date reads February 30 as March 2.
  return Number.isNaN(time.getTime()) || timeValue(time) !== text.slice(0, 14) ? undefined : time;
}

/** Returns a mode as octal text such as `0644`. */
export function modeValue(mode: number): string {
  return `0${mode.toString(8).padStart(3, "0")}`;
}

/** Mode bits that a client can set. */
const PERMISSION_BITS = 0o777;
/** Enough for a complete `st_mode` with a leading zero, such as 0100644. */
const OCTAL_MODE = /^[0-7]{1,7}$/u;

/**
 * Returns the permission bits of an octal mode such as `644`, `0644` or `1755`; undefined when the text is not an octal number.
 * Higher bits (file type, setuid, setgid, sticky) are dropped: clients send them with the modes of their own files, for example
 * lftp for a directory with the sticky bit.
 */
export function parseMode(text: string): number | undefined {
  return OCTAL_MODE.test(text) ? Number.parseInt(text, 8) & PERMISSION_BITS : undefined;
}
