/** Generates docs/reference/clients.md, and the lines that a test expects on this page. */
import type { Mode } from "../../test/support/clients/clients.ts";
import { type Job, type Program, PROGRAMS, type Protection, PROTECTIONS } from "./programs.ts";

/** Tests that have a letter in the table: the jobs, the abort test and the mirror test. */
export type Trial = Job | "abort" | "mirror";

export type StorageKind = "Volume" | "Bucket";

/** Results of a client program for one connection type. */
export interface Cell {
  storage: StorageKind;
  protection: Protection;
  mode: Mode;
  passed: readonly Trial[];
  /** Errors by trial. */
  failed: ReadonlyMap<Trial, string>;
}

export interface Row {
  program: Program;
  version: string;
  cells: readonly Cell[];
}

const LETTERS: Readonly<Record<Trial, string>> = {
  upload: "U",
  download: "D",
  list: "L",
  "resume-upload": "RU",
  "resume-download": "RD",
  abort: "A",
  mirror: "M",
};

/**
 * Note about `ftp-ssl`. `make clients` does not test this program, because its uploads over TLS fail with the default
 * engine configuration.
 */
const MISSING_CLOSE_NOTIFY =
  "- The Debian program `ftp-ssl` ends uploads over TLS without close_notify and receives `426 The upload ended without a TLS close_notify`. To support `ftp-ssl`, set `spec.uploads.missingCloseNotify` to `Allow`.";

const COLUMNS = PROTECTIONS.flatMap((protection) =>
  (["passive", "active"] as const).map((mode) => ({ protection, mode })),
);

/** Columns in the object storage table. */
export const BUCKET_COLUMNS = [
  { protection: "plain", mode: "passive" },
  { protection: "explicit", mode: "passive" },
] as const;

type Columns = readonly { protection: Protection; mode: Mode }[];

function header(columns: Columns): string {
  const titles = columns.map(({ protection, mode }) => `${protection}, ${mode}`);
  return `| program | ${titles.join(" | ")} |`;
}

/** Returns the table headers and the beginning of each row. A test compares these lines with the page. */
export function outline(): string[] {
  const names = PROGRAMS.map(({ name }) => `| ${name} `);
  return [header(COLUMNS), ...names, header(BUCKET_COLUMNS), ...names];
}

function table(rows: readonly Row[], storage: StorageKind, columns: Columns): string {
  return [header(columns), `|---${"|---".repeat(columns.length)}|`]
    .concat(rows.map((row) => line(row, storage, columns)))
    .join("\n");
}

export function page(rows: readonly Row[]): string {
  const notes = rows.flatMap(({ program: { name, note } }) =>
    note === undefined ? [] : [`- ${name} ${note}.`],
  );
  const failures = rows.flatMap(({ program, cells }) => cells.flatMap((cell) => failuresOf(program, cell)));
  return `# FTP clients

\`make clients\` tests each client program with the engine, compares the transferred bytes, and writes this page. Each letter represents a successful job:

- U: upload. D: download. L: list.
- RU: resume an upload after the client was killed. The client sends only the missing bytes, and the file is complete.
- RD: resume a download when the local file contains the first third of the content.
- M: mirror. The client uploads a directory tree and downloads it again. Names, contents and empty directories match.
- A: abort. The test kills the client program during a transfer. The session ends, the old file is unchanged, and the engine keeps the incomplete upload. The next client can log in and transfer files.

Explicit means AUTH TLS (RFC 4217). Implicit means TLS from the first byte. An empty cell means that the client program does not support this combination.

${table(rows, "Volume", COLUMNS)}

${[...notes, ...failures, MISSING_CLOSE_NOTIFY].join("\n")}

## Object storage

This table shows the results of the same programs with an engine that stores files in a versitygw bucket. Each resumed upload was interrupted after its first part of 5 MiB. The client resumes at the end of the stored parts.

${table(rows, "Bucket", BUCKET_COLUMNS)}
`;
}

function line({ program, version, cells }: Row, storage: StorageKind, columns: Columns): string {
  const texts = columns.map(({ protection, mode }) => {
    const cell = cells.find(
      (one) => one.storage === storage && one.protection === protection && one.mode === mode,
    );
    if (cell === undefined) return "";
    const failed = [...cell.failed.keys()].map((trial) => `**not ${LETTERS[trial]}**`);
    return [...cell.passed.map((trial) => LETTERS[trial]), ...failed].join(" ");
  });
  return `| ${program.name} ${version} | ${texts.join(" | ")} |`;
}

function failuresOf({ name }: Program, { storage, protection, mode, failed }: Cell): string[] {
  const where = storage === "Bucket" ? ", object storage" : "";
  return [...failed].map(
    ([trial, reason]) =>
      `- ${name}, ${protection}, ${mode}${where}: ${trial} failed: ${reason.replaceAll(/\s+/gu, " ").slice(0, 300)}`,
  );
}
