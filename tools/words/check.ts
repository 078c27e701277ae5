/** Finds violations of the language rules in a folder: spelling, Markdown syntax and forbidden phrases. */
import { globSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type Finding, markdown, spelling } from "./linters.ts";
import { proseOf } from "./prose.ts";
import { isInside, WordList } from "./rules.ts";

const FILES = [
  "*.md",
  "Makefile",
  "Dockerfile",
  "package.json",
  ".ci/*",
  ".github/**/*.{md,yml}",
  "docs/**/*.md",
  "{charts,examples}/**/*.{md,yaml,tpl,txt,lua,json}",
  "src/**/*.{ts,yaml}",
  "{tools,test}/**/*.{ts,md,sh,txt,yaml,yml,go,py,pl,rb,php,java}",
];
/** Generated files, and data files without text from this project. */
const EXCLUDED = [
  "**/*.generated.ts",
  "**/node_modules/**",
  "charts/*/files/*.ftp-operator.io.yaml",
  "test/cluster/binaries/**",
  "tools/words/*.{txt,yaml}",
];

/**
 * Returns one line for each violation under `root`. With `paths`, checks only these files and folders. Without `paths`,
 * skips the paths in pending.txt. Also reports unused pending paths, exceptions and names.
 */
export async function check(root: string, paths: readonly string[]): Promise<string[]> {
  const all = globSync(FILES, { cwd: root, exclude: EXCLUDED }).toSorted();
  const chosen = paths.map((path) => relative(root, resolve(path)));
  const files = chosen.length === 0 ? all : all.filter((file) => chosen.some((path) => isInside(file, path)));
  if (files.length === 0) return [`error: no text to check in ${paths.join(" ")}`];

  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
  const list = new WordList(readFileSync(join(root, "tools/words/never.yaml"), "utf8"));
  const findings = [
    ...words(list, texts),
    ...(await spelling(files, root)),
    ...markdown(
      files.filter((file) => file.endsWith(".md")),
      root,
    ),
  ];
  if (chosen.length > 0) return report(findings);

  const pending = lines(root, "tools/words/pending.txt");
  return [
    ...report(findings.filter(({ file }) => !pending.some((path) => isInside(file, path)))),
    ...pending
      .filter((path) => !findings.some(({ file }) => isInside(file, path)))
      .map((path) => `error: ${path} is clean: remove it from tools/words/pending.txt`),
    ...list
      .unusedExceptions()
      .map((text) => `error: no text needs the exception "${text}": remove it from tools/words/never.yaml`),
    ...unusedNames(lines(root, "tools/words/names.txt"), texts).map(
      (name) => `error: no text contains "${name}": remove it from tools/words/names.txt`,
    ),
  ];
}

function lines(root: string, path: string): string[] {
  return readFileSync(join(root, path), "utf8")
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "");
}

function words(list: WordList, texts: ReadonlyMap<string, string>): Finding[] {
  return [...texts].flatMap(([file, source]) =>
    list.violations(file, proseOf(file, source)).map(({ offset, word, write }) => {
      const before = source.slice(0, offset).split("\n");
      const column = (before.at(-1) ?? "").length + 1;
      return { file, line: before.length, column, message: `"${word}": write ${write}` };
    }),
  );
}

function unusedNames(names: readonly string[], texts: ReadonlyMap<string, string>): string[] {
  const used = new Set([...texts.values()].flatMap((text) => text.toLowerCase().match(/[\p{L}\d]+/gu) ?? []));
  const all = [...used].join(" ");
  return names.filter((name) => !all.includes(name.toLowerCase()));
}

function report(findings: readonly Finding[]): string[] {
  return findings
    .toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column)
    .map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
}
