/** Generates docs/reference/clients.md, and returns the lines that a current page contains. */
import type { Mode } from "../../test/support/clients/clients.ts";
import { type Job, type Program, PROGRAMS, type Protection, PROTECTIONS } from "./programs.ts";

/** The jobs, and an abort. */
export type Trial = Job | "abort";

/** Results of a program for one type of connection. */
export interface Cell {
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
};

/** Note on a program that is not tested, because it cannot upload over TLS with the default configuration. */
const MISSING_CLOSE_NOTIFY =
  "- `ftp-ssl` of Debian ends uploads over TLS without close_notify and gets `426 The upload ended without a TLS close_notify`. It needs `spec.uploads.missingCloseNotify: Accept`.";

const COLUMNS = PROTECTIONS.flatMap((protection) =>
  (["passive", "active"] as const).map((mode) => ({ protection, mode })),
);

/** Returns the head of the table and the beginning of each row. A test compares them with the page. */
export function outline(): string[] {
  const titles = COLUMNS.map(({ protection, mode }) => `${protection}, ${mode}`);
  return [`| program | ${titles.join(" | ")} |`, ...PROGRAMS.map(({ name }) => `| ${name} `)];
}

export function page(rows: readonly Row[]): string {
  const [header = ""] = outline();
  const notes = rows.flatMap(({ program: { name, note } }) =>
    note === undefined ? [] : [`- ${name} ${note}.`],
  );
  const failures = rows.flatMap(({ program, cells }) => cells.flatMap((cell) => failuresOf(program, cell)));
  return `# FTP clients

\`make clients\` tests each program with the engine, compares the transferred bytes, and writes this page. Each letter is a job that succeeded:

- U: upload. D: download. L: list.
- RU: resume an upload that was killed. The client sends only the rest, and the file is complete.
- RD: resume a download from a file with the first third of the content.
- A: abort. The program is killed during a transfer. The session ends, the old file is unchanged, the engine keeps the incomplete upload, and the next client works.

Explicit means AUTH TLS (RFC 4217), implicit means TLS from the first byte. A cell is empty when the program does not support the mode.

${header}
|---${"|---".repeat(COLUMNS.length)}|
${rows.map(line).join("\n")}

${[...notes, ...failures, MISSING_CLOSE_NOTIFY].join("\n")}
`;
}

function line({ program, version, cells }: Row): string {
  const texts = COLUMNS.map(({ protection, mode }) => {
    const cell = cells.find((one) => one.protection === protection && one.mode === mode);
    if (cell === undefined) return "";
    const failed = [...cell.failed.keys()].map((trial) => `**not ${LETTERS[trial]}**`);
    return [...cell.passed.map((trial) => LETTERS[trial]), ...failed].join(" ");
  });
  return `| ${program.name} ${version} | ${texts.join(" | ")} |`;
}

function failuresOf({ name }: Program, { protection, mode, failed }: Cell): string[] {
  return [...failed].map(
    ([trial, reason]) =>
      `- ${name}, ${protection}, ${mode}: ${trial} failed: ${reason.replaceAll(/\s+/gu, " ").slice(0, 300)}`,
  );
}
