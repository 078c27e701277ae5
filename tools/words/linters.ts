/** Runs cspell and markdownlint-cli2, and returns their reports in a common format. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { lint } from "cspell";

export interface Finding {
  file: string;
  line: number;
  column: number;
  message: string;
}

/** Returns the words in `files` that no dictionary in `cspell.yaml` contains. */
export async function spelling(files: readonly string[], root: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  const errors: string[] = [];
  await lint(
    [...files],
    { root, config: `${root}/cspell.yaml`, showSuggestions: false, mustFindFiles: false, progress: false },
    {
      issue: ({ uri, row, col, text }) => {
        const file = decodeURIComponent(new URL(uri ?? "").pathname).slice(root.length + 1);
        findings.push({
          file,
          line: row,
          column: col,
          message: `"${text}" is not in any dictionary: correct it, or add a technical name to tools/words/names.txt`,
        });
      },
      error: (message, error) => errors.push(`${message} ${error.message}`),
    },
  );
  if (errors.length > 0) throw new Error(errors.join("\n"));
  return findings;
}

/** Returns violations of the rules in `.markdownlint-cli2.yaml`. */
export function markdown(files: readonly string[], root: string): Finding[] {
  if (files.length === 0) return [];
  const program = fileURLToPath(
    new URL("markdownlint-cli2-bin.mjs", import.meta.resolve("markdownlint-cli2")),
  );
  const { status, stderr } = spawnSync(
    process.execPath,
    [program, "--no-globs", ...files.map((file) => `:${file}`)],
    {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (status !== 0 && status !== 1) throw new Error(`markdownlint-cli2: ${stderr}`);
  return [...stderr.matchAll(/^(.+?):(\d+)(?::(\d+))? error (.*)$/gm)].map(
    ([, file = "", line, column = 1, message = ""]) => ({
      file,
      line: Number(line),
      column: Number(column),
      message,
    }),
  );
}
