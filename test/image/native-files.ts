import { closeSync, globSync, lstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";

/** File formats of libraries and programs, with the pattern of their first bytes in hexadecimal. */
const FORMATS: readonly [magic: RegExp, format: string][] = [
  [/^(?:feedface|feedfacf|cefaedfe|cffaedfe|cafebabe)/, "Mach-O"],
  [/^4d5a/, "Windows"],
];
const ELF = "7f454c46";

/**
 * Returns the architecture-specific files in a folder, each with its format. An ELF format includes the machine number:
 * 62 is x86-64, 183 is 64-bit Arm.
 */
export function nativeFiles(folder: string): Map<string, string> {
  const files = globSync("**/*", { cwd: folder }).filter((file) => lstatSync(join(folder, file)).isFile());
  return new Map(
    files.flatMap((file) => {
      const format = formatOf(join(folder, file));
      return format === undefined ? [] : [[file, format]];
    }),
  );
}

function formatOf(file: string): string | undefined {
  const header = Buffer.alloc(20);
  const descriptor = openSync(file, "r");
  readSync(descriptor, header);
  closeSync(descriptor);
  const magic = header.toString("hex");
  if (magic.startsWith(ELF)) return `ELF for machine ${header.readUInt16LE(18)}`;
  return FORMATS.find(([pattern]) => pattern.test(magic))?.[1];
}
