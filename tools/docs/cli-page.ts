/** Generates docs/reference/cli.md from the help of each command: `node tools/docs/cli-page.ts --write`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { createProgram } from "../../src/cli/ftp-operator.ts";
import { createPlugin } from "../../src/cli/kubectl-ftpsrv.ts";

export const PAGE = join(import.meta.dirname, "../../docs/reference/cli.md");

const HELP_WIDTH = 110;

export function cliPage(): string {
  return [
    "# Command line",
    "",
    "This page contains the output of `--help` for each command. `npm run generate` writes it; do not edit it.",
    "",
    "`npm run build && npm install --global .` in a checkout adds both programs to your PATH. The entry point of the image is `ftp-operator`.",
    "",
    "Exit codes of every command: 0 for success, 1 when the command failed or a check is negative, 2 for wrong usage or invalid input.",
    "",
    ...section(createProgram(), ""),
    ...section(createPlugin(), ""),
  ].join("\n");
}

function section(command: Command, parents: string): string[] {
  const name = `${parents}${command.name()}`;
  const subs = command.commands.filter((sub) => sub.name() !== "help");
  const heading = parents === "" ? "##" : "###";
  return [
    `${heading} ${name}`,
    "",
    "```text",
    helpOf(command),
    "```",
    "",
    ...subs.flatMap((sub) => section(sub, `${name} `)),
  ];
}

function helpOf(command: Command): string {
  let text = "";
  command
    .configureHelp({ helpWidth: HELP_WIDTH })
    .configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => HELP_WIDTH })
    .outputHelp();
  return text.trimEnd();
}

if (process.argv.includes("--write")) writeFileSync(PAGE, cliPage());
