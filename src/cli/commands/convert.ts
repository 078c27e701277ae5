import { readFile, writeFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { Command } from "commander";
import { CommandError, EXIT_OK } from "../../common/command-error.ts";
import type { ConvertedText } from "../manifests/convert-text.ts";
import { filenamesOption } from "../options.ts";
import { writeProgress } from "../output.ts";

interface Options {
  filename: string[];
  write?: boolean;
}

export function convertCommand(): Command {
  return new Command("convert")
    .description("convert manifests from the first draft of v1alpha1 to the current fields")
    .addOption(filenamesOption())
    .option("-w, --write", "rewrite the files instead of printing them")
    .addHelpText(
      "after",
      `
The command also converts objects in Lists. Other objects, comments and the order of fields do not change. The command can change whitespace and line breaks in converted documents. All other documents are copied byte for byte. The command reports each change on standard error.

Exit codes: 0 converted or nothing to convert, 2 a file cannot be read or converted.

Examples:
  ftp-operator convert -f old.yaml > new.yaml
  ftp-operator convert -f servers.yaml -f users.yaml --write`,
    )
    .action(async (options: Options) => {
      process.exitCode = await convert(options);
    });
}

/** Converts all files before writing the first file. @throws CommandError if a file cannot be read or converted */
async function convert({ filename: files, write = false }: Options): Promise<number> {
  if (write && files.includes("-"))
    throw new CommandError("--write cannot rewrite standard input", { hint: "set --filename to a file" });
  const { convertText, ConversionError } = await import("../manifests/convert-text.ts");
  const converted: [file: string, ConvertedText][] = [];
  for (const file of files) {
    try {
      converted.push([file, convertText(await contentOf(file))]);
    } catch (error) {
      if (!(error instanceof ConversionError || isSystemError(error))) throw error;
      throw new CommandError(`${file}: ${error.message}`, {
        hint: error instanceof ConversionError ? error.hint : "check --filename",
      });
    }
  }
  for (const [file, { changes }] of converted)
    changes.forEach((change) => writeProgress(`${file}: ${change}`));
  if (converted.every(([, { changes }]) => changes.length === 0)) writeProgress("no first-draft field found");
  if (write) await Promise.all(converted.map(([file, result]) => rewrite(file, result)));
  else process.stdout.write(joined(converted.map(([, { text }]) => text)));
  return EXIT_OK;
}

async function contentOf(file: string): Promise<string> {
  return file === "-" ? await readAll(process.stdin) : await readFile(file, "utf8");
}

async function rewrite(file: string, { text, changes }: ConvertedText): Promise<void> {
  if (changes.length > 0) await writeFile(file, text);
}

/** Returns the files as one YAML stream. */
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
