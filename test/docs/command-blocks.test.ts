/** Tests that commands in pages contain only existing targets, files, chart values, fields and subcommands. */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Command } from "commander";
import { createProgram } from "../../src/cli/ftp-operator.ts";
import { createPlugin } from "../../src/cli/kubectl-ftpsrv.ts";
import { FTP_SERVER_SCHEMA, FTP_USER_SCHEMA } from "../../src/api/schema.generated.ts";
import type { Schema } from "../../src/api/schema.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const PAGES = [...globSync(["*.md", "docs/**/*.md", "charts/*/README.md"], { cwd: ROOT })];

/** Returns the lines of the shell blocks in a page. Joins each line that ends in a backslash with the next line. */
function shellLines(page: string): string[] {
  const blocks = [...read(page).matchAll(/^ *```sh\n(.*?)^ *```$/gms)].map(([, block = ""]) => block);
  return blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, " ").split("\n"));
}

const TARGETS = new Set([...read("Makefile").matchAll(/^([a-z0-9-]+):/gm)].map(([, name]) => name));

const PROGRAM = await createProgram();

interface ValuesSchema {
  properties?: Record<string, ValuesSchema>;
}
const VALUES: ValuesSchema = JSON.parse(read("charts/ftp-operator/values.schema.json"));

/** Each function returns the errors in one line of a shell block. */
const CHECKS: readonly ((line: string) => string[])[] = [
  (line) =>
    matches(line, /\bmake ([a-z][a-z0-9-]*)/g).flatMap((name) =>
      TARGETS.has(name) ? [] : [`no make target ${name}`],
    ),
  (line) =>
    matches(line, /(?<![\w/])((?:examples|charts|crds)\/[\w./-]*\w)/g).flatMap((file) =>
      existsSync(join(ROOT, file)) ? [] : [`no file ${file}`],
    ),
  (line) =>
    line.includes("helm")
      ? matches(line, /--set(?:-string)? '?([\w.]+)=/g).flatMap((path) =>
          isValue(VALUES, path.split(".")) ? [] : [`no chart value ${path}`],
        )
      : [],
  (line) =>
    matches(line, /patch ftpserver .*-p '(\{.*\})'/g).flatMap((patch) =>
      unknownFields(FTP_SERVER_SCHEMA, JSON.parse(patch), ""),
    ),
  (line) => matches(line, /^ftp-operator (.*)$/g).flatMap((words) => violations(PROGRAM, words)),
  (line) =>
    matches(line, /kubectl ftpsrv (.*?)(?:\||$)/g).flatMap((words) => violations(createPlugin(), words)),
];

function matches(line: string, pattern: RegExp): string[] {
  return [...line.replace(/\s#.*$/, "").matchAll(pattern)].map(([, found = ""]) => found);
}

function isValue(schema: ValuesSchema | undefined, [key, ...rest]: readonly string[]): boolean {
  if (schema === undefined) return false;
  return key === undefined || schema.properties === undefined || isValue(schema.properties[key], rest);
}

function unknownFields(schema: Schema, value: unknown, path: string): string[] {
  if (typeof value === "string" && schema.enum && !schema.enum.includes(value))
    return [`${path} is no ${value}`];
  if (typeof value !== "object" || value === null || Array.isArray(value) || !schema.properties) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    const property = schema.properties?.[key];
    const isField = property !== undefined && property.renamed === undefined;
    return isField ? unknownFields(property, below, `${path}.${key}`) : [`no field ${path}.${key}`];
  });
}

function isProperty(schema: Schema | undefined, [key, ...rest]: readonly string[]): boolean {
  if (schema === undefined || schema.renamed !== undefined) return false;
  if (key === undefined) return true;
  const name = key.replace("[]", "");
  const property = schema.properties?.[name];
  return isProperty(key.endsWith("[]") ? property?.items : property, rest);
}

/** Returns the unsupported subcommands and long options of the program in a line. */
function violations(program: Command, text: string): string[] {
  const words = text.split(/\s+/);
  let command = program;
  for (const word of words) command = command.commands.find((sub) => sub.name() === word) ?? command;
  if (command === program) return [`no command in "${text}"`];
  const known = new Set([...program.options, ...command.options].map(({ long }) => long));
  return words
    .filter((word) => word.startsWith("--") && !known.has(word.split("=")[0]))
    .map((word) => `${command.name()} has no ${word}`);
}

describe("commands in pages", () => {
  for (const page of PAGES) {
    it(`${page} names existing targets, files, values, fields and commands`, () => {
      const wrong = shellLines(page).flatMap((line) =>
        CHECKS.flatMap((check) => check(line)).map((problem) => `${line}: ${problem}`),
      );
      assert.deepEqual(wrong, []);
    });
  }

  it("name existing fields in every `spec.…`", () => {
    const isField = (path: string): boolean =>
      [FTP_SERVER_SCHEMA, FTP_USER_SCHEMA].some((schema) => isProperty(schema, path.split(".")));
    // The excluded pages also contain fields from the first API draft.
    const pages = PAGES.filter((page) => !/^docs\/reference\/(?:api-changes|ftp\w+)\.md$/.test(page));
    const wrong = pages.flatMap((page) =>
      [...read(page).matchAll(/`(spec(?:\.\w+(?:\[\])?)+)/g)].flatMap(([, path = ""]) =>
        isField(path) ? [] : [`${page}: ${path}`],
      ),
    );
    assert.deepEqual(wrong, []);
  });

  it("fail the check when a name does not exist", () => {
    const bad: readonly string[] = [
      "make nothing",
      "kubectl apply -f examples/nothing.yaml",
      "helm upgrade x --set operator.replica=1",
      `kubectl patch ftpserver demo -p '{"spec":{"tls":{"secret":"x"}}}'`,
      `kubectl patch ftpserver demo -p '{"spec":{"tls":{"mode":"On"}}}'`,
      "ftp-operator chek host",
      "ftp-operator check host --hurry",
      "kubectl ftpsrv kick demo --all",
    ];
    for (const line of bad) assert.equal(CHECKS.flatMap((check) => check(line)).length, 1, line);
  });
});
