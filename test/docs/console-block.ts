/** Reads the console blocks in a page, which contain a command and its output. */

/**
 * Returns the output of `command` in the ```console block that begins with `$ command`.
 * @throws Error when the page has no such block
 */
export function consoleBlock(page: string, command: string): string[] {
  const blocks = [...page.matchAll(/^```console\n\$ (.*)\n([^]*?)^```$/gm)];
  const found = blocks.find(([, first]) => first === command);
  if (found === undefined) throw new Error(`there is no console block that begins with "$ ${command}"`);
  return (found[2] ?? "").trimEnd().split("\n");
}

/** Patterns of values that differ between two runs of `serve`, with their placeholders. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/^\d\d:\d\d:\d\d(?= )/, "TIME"],
  [/\/\S*\/ftp-operator-serve-\w+/, "FOLDER"],
  [/\b\d+ ms\b/, "DURATION"],
  [/^\^C$/, ""],
];

/** Returns a line of `serve` with placeholders for values that differ between two runs. */
export function withoutVarying(line: string): string {
  return VARYING.reduce((text, [pattern, name]) => text.replace(pattern, name), line).trimEnd();
}

/**
 * Returns the lines of a `make demo` block that the demo does not print. The demo prints a numbered line for each step
 * in order, then a last line. Pages omit the lines with measured values, because the values differ in each run.
 * @param source the demo source, which contains the step titles in quotes
 */
export function notOfDemo(lines: readonly string[], source: string): string[] {
  const titles = [...source.matchAll(/steps\.run\(\s*(?:"([^"]+)"|`([^`]+)`)/g)].map(
    ([, plain, template = ""]) => plain ?? template,
  );
  const expected = titles.map((title, index) => stepPattern(index + 1, title));
  const wrong = lines.filter((line, index) => {
    if (line === "") return false;
    return !(expected[index] ?? /^All checks passed in \d+\.\d s\.$/).test(line);
  });
  return lines.length < titles.length
    ? [...wrong, `${titles.length - lines.length} steps are missing`]
    : wrong;
}

/** Returns a pattern for a successful step in the format of tools/demo/steps.ts. */
function stepPattern(number: number, title: string): RegExp {
  const words = title
    .split(/\$\{[^}]*\}/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^ *${number} {2}${words.join(".+")} \\.* ok +\\d+\\.\\d s$`);
}
