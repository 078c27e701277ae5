/** Generates docs/reference/commands.md from the command table: `node tools/docs/commands-page.ts --write`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "../../src/engine/commands/command.ts";
import { SITE_COMMANDS } from "../../src/engine/commands/site.ts";
import { COMMANDS, NOT_IMPLEMENTED } from "../../src/engine/commands/table.ts";
import { initialParameters } from "../../src/engine/session/transfer-parameters.ts";

export const PAGE = join(import.meta.dirname, "../../docs/reference/commands.md");

const HEADER = [
  "| command | specification | login | permission | TLS | during a transfer | FEAT |",
  "|---|---|---|---|---|---|---|",
];

export function commandsPage(): string {
  return [
    "# FTP commands",
    "",
    "This page lists the FTP commands that the engine supports. Do not edit this page: `npm run generate` writes the page from the command table.",
    "",
    "- *specification*: the document that defines the command. An empty cell means that the command works as in most FTP servers.",
    "- *permission*: the permission that the user needs. Some arguments require an additional permission. `MDTM` with a time also requires `SetModificationTime`. `MFF` requires `SetModificationTime` for the fact `Modify` and `Write` for the fact `UNIX.mode`. `STAT` with a path requires `List`. `RNTO` also requires `Write` or `Delete` to replace an existing file. `SITE CPTO` also requires `Read`. See [SITE](#site) for other `SITE` commands.",
    "- *TLS*: the connection that must be encrypted when TLS is required. Data connections are encrypted after `PROT P`.",
    "- *during a transfer*: `yes` means that the engine replies immediately during a transfer, a checksum or a copy. Other commands wait until this operation ends.",
    "- *FEAT*: the line in the FEAT reply. Parentheses mean that the line depends on the configuration.",
    "",
    ...HEADER,
    ...byVerb(COMMANDS).map(row),
    "",
    "## SITE",
    "",
    ...HEADER,
    ...byVerb(SITE_COMMANDS).map(row),
    "",
    "## Preparatory commands",
    "",
    "Each preparatory command sets a value for a later command. Other commands do not change the value. The engine discards the value",
    "after the command that uses it. A preparatory command of the same kind also discards the value, even if the command fails. `REIN` and `USER` also discard the value.",
    "",
    "| preparatory command | used by | rejected by |",
    "|---|---|---|",
    "| `REST` or `RANG`: the part of the file | `RETR`, `STOR`, `HASH` | `APPE` and `STOU` (554), and `STOR` after `RANG` |",
    "| `RNFR`: the old name | `RNTO` | |",
    "| `SITE CPFR`: the file to copy | `SITE CPTO` | |",
    "| `SIZE` of an incomplete upload: the offset to resume at | `APPE` with the same path; `STOR`, `DELE` and `RNTO` with this path discard the offset | `APPE` to an incomplete upload without a preceding `SIZE` (550); `APPE`, or `STOR` after `REST`, for a file whose replacement is incomplete (550) |",
    "",
    "## Rejected commands",
    "",
    `The engine replies 502 to these commands: ${[...NOT_IMPLEMENTED].toSorted().join(", ")}. The engine replies 500 to unknown commands.`,
    "",
  ].join("\n");
}

function byVerb(commands: ReadonlyMap<string, Command>): Command[] {
  return [...commands.values()].toSorted((a, b) => (a.verb < b.verb ? -1 : 1));
}

function row(command: Command): string {
  const { syntax, specification, login, permission = "", tls, duringTransfer } = command;
  const cells = [
    code(syntax),
    specification,
    login === "Needed" ? "yes" : "no",
    code(permission),
    tls === undefined ? "" : `${tls.toLowerCase()} connection`,
    duringTransfer === true ? "yes" : "",
    feature(command),
  ];
  return `| ${cells.join(" | ")} |`;
}

function feature({ feature, offered }: Command): string {
  const line = code(feature?.(initialParameters("Clear")) ?? "");
  return offered === undefined ? line : `(${line})`;
}

/**
 * Returns a code span for a table cell. Escapes each vertical bar with a backslash, because vertical bars separate
 * table cells.
 */
function code(text: string): string {
  return text === "" ? "" : `\`${text.replaceAll("|", "\\|")}\``;
}

if (process.argv.includes("--write")) writeFileSync(PAGE, commandsPage());
