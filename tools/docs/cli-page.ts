/** Generates docs/reference/cli.md from the help of each command: `node tools/docs/cli-page.ts --write`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { createProgram } from "../../src/cli/ftp-operator.ts";
import { createPlugin } from "../../src/cli/kubectl-ftpsrv.ts";

export const PAGE = join(import.meta.dirname, "../../docs/reference/cli.md");

const HELP_WIDTH = 110;

export async function cliPage(): Promise<string> {
  return [
    "# Command line",
    "",
    "This page contains the output of `--help` for each command. Do not edit this page: `npm run generate` writes it.",
    "",
    "`npm run build && npm install --global .` in a checkout adds the programs `ftp-operator` and `kubectl-ftpsrv` to your PATH. The entry point of the container image is `ftp-operator`.",
    "",
    "## Exit codes and errors",
    "",
    "| Code | Meaning |",
    "|---|---|",
    "| 0 | Success. |",
    "| 1 | The command failed, or its result is negative. For example, a step of `check` failed, an FtpServer is not Ready, or `kick` ended no session. |",
    "| 2 | Wrong usage, invalid input or an unmet precondition. Nothing was changed. |",
    "",
    "Errors are written to standard error as `error: …`, followed by `hint: …` with a suggested command or value. Warnings are `warning: …`. Standard output contains only the result. With `--output json` or `--output yaml`, programs can parse the result, and its field names are stable. All other text can change.",
    "",
    ...section(await createProgram(), ""),
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

if (process.argv.includes("--write")) writeFileSync(PAGE, await cliPage());
