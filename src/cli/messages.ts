import { printable } from "../common/text.ts";

/** Writes one line for each message to standard error, for example `error: FtpServer not found: demo`. */
export function writeMessages(level: "error" | "hint" | "warning", messages: readonly string[]): void {
  process.stderr.write(messages.map((message) => `${level}: ${printable(message)}\n`).join(""));
}

/** Writes lines about progress to standard error, so that standard output contains the result only. */
export function writeProgress(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}
