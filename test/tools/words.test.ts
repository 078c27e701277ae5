import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { check } from "../../tools/words/check.ts";
import { proseOf } from "../../tools/words/prose.ts";
import { WordList } from "../../tools/words/rules.ts";

const ROOT = join(import.meta.dirname, "../..");
const LIST = `
- never: sloth|sloths
  write: '"hare"'
  except:
    - { text: three-toed sloth, reason: name of a species }
    - { text: sloth upstream, in: docs/quotes.md, reason: quotation }
- { never: walk away, write: '"continue"' }
`;

function words(file: string, source: string): string[] {
  return new WordList(LIST).violations(file, proseOf(file, source)).map(({ word }) => word);
}

const found: [name: string, file: string, source: string][] = [
  ["Markdown text", "a.md", "The login is sloth.\n"],
  ["a Markdown table", "a.md", "| a | b |\n|---|---|\n| x | is sloth |\n"],
  ["text after inline code", "a.md", "The value `x` is sloth.\n"],
  ["text after a code block", "a.md", "```sh\nls\n```\n\nIt is sloth.\n"],
  ["a line comment", "a.ts", "// It is sloth.\nconst x = 1;\n"],
  ["a doc comment", "a.ts", "/**\n * It is sloth.\n */\nconst x = 1;\n"],
  ["a string of several words", "a.ts", 'const x = "login sloth";\n'],
  ["a template string", "a.ts", "const x = `login of ${user} sloth`;\n"],
  ["a YAML comment", "a.yaml", "# It is sloth.\nkey: value\n"],
  ["a YAML description", "a.yaml", "description: The login is sloth.\n"],
  ["a YAML block description", "a.yaml", "description: >-\n  The login\n  is sloth.\n"],
  ["a shell script", "a.sh", 'echo "login sloth"\n'],
  ["a chart template", "a.tpl", "{{- /* It is sloth. */ -}}\n"],
  ["a JSON description", "a.json", '{ "description": "Logins sloth." }\n'],
  ["any case", "a.md", "Sloth.\n"],
];

for (const [place, file, source] of found)
  test(`the word list applies to ${place}`, () => {
    assert.equal(words(file, source).length, 1);
  });

const ignored: [name: string, file: string, source: string][] = [
  ["a Markdown code block", "a.md", "```text\nsloth\n```\n"],
  ["inline code", "a.md", "The reason is `sloth`.\n"],
  ["a link target", "a.md", "[link](sloth.md)\n"],
  ["an identifier", "a.ts", "const sloth = 1;\n"],
  ["a string of one word", "a.ts", 'const x = "sloth";\n'],
  ["inline code in a comment", "a.ts", "// The reason is `sloth`.\n"],
  ["a YAML key", "a.yaml", "sloth: 1\n"],
  ["a PromQL expression", "a.yaml", 'expr: sum by (pod) (rate(x{reason="sloth"}[5m]))\n'],
  ["a longer word", "a.md", "slothful\n"],
  ["an exception", "a.md", "The error is three-toed sloth.\n"],
  ["an exception that continues on the next line", "a.ts", "// three-toed\n// sloth\n"],
];

for (const [place, file, source] of ignored)
  test(`the word list does not apply to ${place}`, () => {
    assert.deepEqual(words(file, source), []);
  });

test("a phrase matches across the lines of a comment", () => {
  assert.deepEqual(words("a.ts", "/**\n * Sessions walk\n * away.\n */\n"), ["walk away"]);
  assert.deepEqual(words("a.ts", "// Sessions walk\n// away.\n"), ["walk away"]);
});

test("a phrase does not match across two strings", () => {
  assert.deepEqual(words("a.ts", 'const x = ["they walk", "away team"];\n'), []);
});

test("a violation has the offset of the source", () => {
  const source = "`code` and\ntext: sloth\n";
  const [violation] = new WordList(LIST).violations("a.md", proseOf("a.md", source));
  assert.equal(violation?.offset, source.indexOf("sloth"));
});

test("an exception of one file does not apply to others", () => {
  assert.deepEqual(words("docs/quotes.md", "sloth upstream\n"), []);
  assert.deepEqual(words("docs/other.md", "sloth upstream\n"), ["sloth"]);
});

test("a word list reports exceptions that no text needs", () => {
  const list = new WordList(LIST);
  list.violations("a.md", "three-toed sloth");
  assert.deepEqual(list.unusedExceptions(), ["sloth upstream"]);
});

test("an exception without a reason is rejected", () => {
  const yaml = "- { never: sloth, write: hare, except: [{ text: three-toed sloth }] }";
  assert.throws(() => new WordList(yaml), /has no reason/);
});

/** Checks a folder that contains the project's configuration, the word list above and the given files. */
async function checked(files: Record<string, string>, paths: string[] = []): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), "words-"));
  try {
    for (const name of ["cspell.yaml", ".markdownlint-cli2.yaml"]) cpSync(join(ROOT, name), join(root, name));
    const all = {
      "tools/words/never.yaml": "- { never: sloth, write: hare }",
      "tools/words/names.txt": "",
      "tools/words/test-data.txt": "",
      "tools/words/pending.txt": "",
      ...files,
    };
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    return await check(
      root,
      paths.map((path) => join(root, path)),
    );
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("the check accepts a clean text", async () => {
  assert.deepEqual(await checked({ "docs/a.md": "# Title\n\nThe login is fast.\n" }), []);
});

test("the check reports place, word and replacement", async () => {
  assert.deepEqual(await checked({ "docs/a.md": "# Title\n\nThe login is sloth.\n" }), [
    'docs/a.md:3:14: "sloth": write hare',
  ]);
});

test("the check reports misspelled words and British spelling", async () => {
  // The source splits misspelled words into parts, because the word check also reads this file.
  const [british, misspelled] = [
    ["col", "our"],
    ["len", "ght"],
  ].map((parts) => parts.join(""));
  const [first = "", second = "", ...others] = await checked({
    "src/a.ts": `// The ${british} of a line with ${misspelled}.\n`,
  });
  assert.ok(first.startsWith(`src/a.ts:1:8: "${british}" is not in any dictionary`), first);
  assert.ok(second.startsWith(`src/a.ts:1:30: "${misspelled}" is not in any dictionary`), second);
  assert.deepEqual(others, []);
});

test("the check accepts a technical name of the list", async () => {
  assert.deepEqual(await checked({ "docs/a.md": "# Krew\n", "tools/words/names.txt": "krew\n" }), []);
});

test("the check accepts made-up words in tests only", async () => {
  const text = 'export const name = "frobz";\n';
  const files = { "tools/words/test-data.txt": "frobz\n", "test/a.test.ts": text, "src/a.ts": text };
  const violations = await checked(files);
  assert.deepEqual(
    violations.map((violation) => violation.split(":")[0]),
    ["src/a.ts"],
  );
});

test("the check reports violations of markdownlint", async () => {
  const [first = ""] = await checked({ "docs/a.md": "# Title\n\n### Too deep\n" });
  assert.match(first, /^docs\/a\.md:3:1: MD001/);
});

test("the check skips pending paths", async () => {
  const files = {
    "docs/a.md": "# Title\n\nsloth\n",
    "tools/words/pending.txt": "docs # being rewritten\n",
  };
  assert.deepEqual(await checked(files), []);
  assert.equal((await checked(files, ["docs"])).length, 1);
});

test("a pending path without violations fails the check", async () => {
  const files = { "docs/a.md": "# Title\n", "tools/words/pending.txt": "docs\n" };
  assert.deepEqual(await checked(files), ["error: docs is clean: remove it from tools/words/pending.txt"]);
});

test("an unused exception and an unused name fail the check", async () => {
  const files = {
    "docs/a.md": "# Title\n",
    "tools/words/never.yaml": "- { never: a, write: b, except: [{ text: c a, reason: d }] }",
    "tools/words/names.txt": "krew\n",
  };
  assert.deepEqual(await checked(files), [
    'error: no text needs the exception "c a": remove it from tools/words/never.yaml',
    'error: no text contains "krew": remove it from tools/words/names.txt',
  ]);
});

test("the check rejects a path without texts", async () => {
  assert.match((await checked({ "docs/a.md": "# Title\n" }, ["none"]))[0] ?? "", /no text to check/);
});
