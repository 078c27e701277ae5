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
    "This page lists the commands of the engine. `npm run generate` writes it from the command table; do not edit it.",
    "",
    "- *specification*: the document that defines the command. Without one, the command works like in most servers.",
    "- *permission*: the permission that the user needs. In addition, `MDTM` with a time needs `SetModificationTime`; `MFF` needs it for `Modify`,",
    "  and `Write` for `UNIX.mode`; `STAT` with a path needs `List`; `RNTO` needs `Write` or `Delete` to replace an existing file;",
    "  `SITE`: see below; `SITE CPTO` also needs `Read`.",
    "- *TLS*: the connection that must be encrypted when TLS is required. For data connections, this is `PROT P`.",
    "- *during a transfer*: the engine replies immediately while a transfer, a checksum or a copy is in progress. Other commands wait for its end.",
    "- *FEAT*: the line in the FEAT reply, in parentheses when it depends on the configuration.",
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
    "Each preparatory command sets a value for a later command. Other commands do not change the value. The engine discards it after the",
    "command that uses it and after the next preparatory command of its kind, even if they fail. `REIN` and `USER` also discard it.",
    "",
    "| preparatory command | used by | rejected by |",
    "|---|---|---|",
    "| `REST` or `RANG`: the part of the file | `RETR`, `STOR`, `HASH` | `APPE` and `STOU` (554), and `STOR` after `RANG` |",
    "| `RNFR`: the old name | `RNTO` | |",
    "| `SITE CPFR`: the file to copy | `SITE CPTO` | |",
    "| `SIZE` of an incomplete upload: the offset to resume at | `APPE` of the same path; `STOR`, `DELE` and `RNTO` of that path discard it | `APPE` of an incomplete upload without `SIZE` (550); `APPE`, and `STOR` after `REST`, of a file whose replacement is not complete (550) |",
    "",
    "## Rejected commands",
    "",
    `The engine replies 502 to these commands: ${[...NOT_IMPLEMENTED].toSorted().join(", ")}. It replies 500 to all others.`,
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

/** Returns a code span for a table. A bar needs a backslash there. */
function code(text: string): string {
  return text === "" ? "" : `\`${text.replaceAll("|", "\\|")}\``;
}

if (process.argv.includes("--write")) writeFileSync(PAGE, commandsPage());
