import { readFile, writeFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { convertText, type ConvertedText } from "../manifests/convert-text.ts";
import { ConversionError } from "../manifests/convert-document.ts";

export interface ConvertCommand {
  /** Manifest files; `-` is standard input. */
  filename: string[];
  /** Whether to rewrite the files instead of printing them. */
  write?: boolean;
}

const EXIT_USAGE = 2;

/**
 * Prints or rewrites manifests with the fields of the second draft, and reports each change on standard error. Nothing is written
 * unless all files can be converted.
 * @returns the exit code: 0 converted or nothing to convert, 2 a file cannot be read or converted
 */
export async function runConvert({ filename: files, write = false }: ConvertCommand): Promise<number> {
  if (write && files.includes("-")) return rejected("--write requires files, and - is standard input");
  const converted: [file: string, ConvertedText][] = [];
  for (const file of files) {
    try {
      converted.push([file, convertText(await contentOf(file))]);
    } catch (error) {
      if (!(error instanceof ConversionError || isSystemError(error))) throw error;
      return rejected(`${file}: ${error.message}`);
    }
  }
  for (const [file, { changes }] of converted) changes.forEach((change) => say(`${file}: ${change}`));
  if (converted.every(([, { changes }]) => changes.length === 0)) say("no field of the first draft found");
  if (write) await Promise.all(converted.map(([file, result]) => rewrite(file, result)));
  else process.stdout.write(joined(converted.map(([, { text }]) => text)));
  return 0;
}

async function contentOf(file: string): Promise<string> {
  return file === "-" ? await readAll(process.stdin) : await readFile(file, "utf8");
}

async function rewrite(file: string, { text, changes }: ConvertedText): Promise<void> {
  if (changes.length > 0) await writeFile(file, text);
}

/** Returns the files as one stream of documents. */
function joined(texts: readonly string[]): string {
  return texts
    .map((text, index) => {
      const ended = text === "" || text.endsWith("\n") || texts.length === 1 ? text : `${text}\n`;
      return index === 0 || text.startsWith("---") ? ended : `---\n${ended}`;
    })
    .join("");
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function rejected(reason: string): number {
  say(`error: ${reason}`);
  return EXIT_USAGE;
}

function say(line: string): void {
  process.stderr.write(`ftp-operator convert: ${line}\n`);
}
