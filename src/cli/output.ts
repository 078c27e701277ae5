import { styleText } from "node:util";
import { Option } from "commander";
import { printable } from "../common/text.ts";

const FORMATS = ["text", "json", "yaml"] as const;
export type OutputFormat = (typeof FORMATS)[number];

export function outputOption(): Option {
  return new Option("--output <FORMAT>", "print the result in FORMAT").choices(FORMATS).default("text");
}

/**
 * Prints a result to standard output. JSON and YAML output contains all fields. Text output is a human-readable
 * summary.
 */
export async function printResult(format: OutputFormat, result: object, text: () => string): Promise<void> {
  process.stdout.write(format === "text" ? text() : await serialize(format, result));
}

/** Returns a value as JSON or YAML text that ends with a newline. */
export async function serialize(format: "json" | "yaml", value: object): Promise<string> {
  if (format === "json") return `${JSON.stringify(value, undefined, 2)}\n`;
  // The function loads the YAML module only for YAML output, because most commands do not print YAML.
  const { dump } = await import("js-yaml");
  return dump(value, { noRefs: true, lineWidth: -1, skipInvalid: true });
}

/** Returns rows as a table with aligned columns, formatted like a kubectl table. An empty cell becomes `-`. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows.map((row) => row.map((cell) => (cell === "" ? "-" : printable(cell))))];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const format = (line: readonly string[]): string =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("   ")
      .trimEnd();
  return `${lines.map(format).join("\n")}\n`;
}

/** Returns a count with its noun, for example "1 session" or "3 sessions". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Returns colored text if standard output is a terminal and NO_COLOR is not set. */
export function colored(color: "green" | "red", text: string): string {
  return styleText(color, text, { stream: process.stdout });
}

/** Writes one line for each message to standard error, for example `error: FtpServer not found: demo`. */
export function writeMessages(level: "error" | "hint" | "warning", messages: readonly string[]): void {
  process.stderr.write(messages.map((message) => `${level}: ${printable(message)}\n`).join(""));
}

/** Writes progress lines to standard error, so that standard output contains only the result. */
export function writeProgress(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}
