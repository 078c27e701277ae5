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
- never: refus(?:es|ed)
  write: '"reject"'
  except:
    - { text: connection refused, reason: text of ECONNREFUSED }
    - { text: refused upstream, in: docs/quotes.md, reason: quotation }
- { never: go on, write: '"continue"' }
`;

function words(file: string, source: string): string[] {
  return new WordList(LIST).violations(file, proseOf(file, source)).map(({ word }) => word);
}

const found: [name: string, file: string, source: string][] = [
  ["Markdown text", "a.md", "The login is refused.\n"],
  ["a Markdown table", "a.md", "| a | b |\n|---|---|\n| x | is refused |\n"],
  ["text after inline code", "a.md", "The value `x` is refused.\n"],
  ["text after a code block", "a.md", "```sh\nls\n```\n\nIt is refused.\n"],
  ["a line comment", "a.ts", "// It is refused.\nconst x = 1;\n"],
  ["a doc comment", "a.ts", "/**\n * It is refused.\n */\nconst x = 1;\n"],
  ["a string of several words", "a.ts", 'const x = "login refused";\n'],
  ["a template string", "a.ts", "const x = `login of ${user} refused`;\n"],
  ["a YAML comment", "a.yaml", "# It is refused.\nkey: value\n"],
  ["a YAML description", "a.yaml", "description: The login is refused.\n"],
  ["a YAML block description", "a.yaml", "description: >-\n  The login\n  is refused.\n"],
  ["a shell script", "a.sh", 'echo "login refused"\n'],
  ["a chart template", "a.tpl", "{{- /* It is refused. */ -}}\n"],
  ["a JSON description", "a.json", '{ "description": "Logins refused." }\n'],
  ["any case", "a.md", "Refused.\n"],
];

for (const [place, file, source] of found)
  test(`the word list applies to ${place}`, () => {
    assert.equal(words(file, source).length, 1);
  });

const ignored: [name: string, file: string, source: string][] = [
  ["a Markdown code block", "a.md", "```text\nrefused\n```\n"],
  ["inline code", "a.md", "The reason is `refused`.\n"],
  ["a link target", "a.md", "[link](refused.md)\n"],
  ["an identifier", "a.ts", "const refused = 1;\n"],
  ["a string of one word", "a.ts", 'const x = "refused";\n'],
  ["inline code in a comment", "a.ts", "// The reason is `refused`.\n"],
  ["a YAML key", "a.yaml", "refused: 1\n"],
  ["a PromQL expression", "a.yaml", 'expr: sum by (pod) (rate(x{reason="refused"}[5m]))\n'],
  ["a longer word", "a.md", "unrefused\n"],
  ["an exception", "a.md", "The error is connection refused.\n"],
  ["an exception that continues on the next line", "a.ts", "// connection\n// refused\n"],
];

for (const [place, file, source] of ignored)
  test(`the word list does not apply to ${place}`, () => {
    assert.deepEqual(words(file, source), []);
  });

test("a phrase matches across the lines of a comment", () => {
  assert.deepEqual(words("a.ts", "/**\n * Sessions go\n * on.\n */\n"), ["go on"]);
  assert.deepEqual(words("a.ts", "// Sessions go\n// on.\n"), ["go on"]);
});

test("a phrase does not match across two strings", () => {
  assert.deepEqual(words("a.ts", 'const x = ["they go", "on top"];\n'), []);
});

test("a violation has the offset of the source", () => {
  const source = "`code` and\ntext: refused\n";
  const [violation] = new WordList(LIST).violations("a.md", proseOf("a.md", source));
  assert.equal(violation?.offset, source.indexOf("refused"));
});

test("an exception of one file does not apply to others", () => {
  assert.deepEqual(words("docs/quotes.md", "refused upstream\n"), []);
  assert.deepEqual(words("docs/other.md", "refused upstream\n"), ["refused"]);
});

test("a word list reports exceptions that no text needed", () => {
  const list = new WordList(LIST);
  list.violations("a.md", "connection refused");
  assert.deepEqual(list.unusedExceptions(), ["refused upstream"]);
});

test("an exception without a reason is rejected", () => {
  const yaml = "- { never: refused, write: reject, except: [{ text: connection refused }] }";
  assert.throws(() => new WordList(yaml), /has no reason/);
});

/** Checks a folder with the project's configuration, the word list above, and these files. */
async function checked(files: Record<string, string>, paths: string[] = []): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), "words-"));
  try {
    for (const name of ["cspell.yaml", ".markdownlint-cli2.yaml"]) cpSync(join(ROOT, name), join(root, name));
    const all = {
      "tools/words/never.yaml": "- { never: refused, write: rejected }",
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
  assert.deepEqual(await checked({ "docs/a.md": "# Title\n\nThe login is rejected.\n" }), []);
});

test("the check reports place, word and replacement", async () => {
  assert.deepEqual(await checked({ "docs/a.md": "# Title\n\nThe login is refused.\n" }), [
    'docs/a.md:3:14: "refused": write rejected',
  ]);
});

test("the check reports misspelled words and British spelling", async () => {
  const [first = "", second = "", ...others] = await checked({
    "src/a.ts": "// The colour of a line with lenght.\n",
  });
  assert.match(first, /^src\/a\.ts:1:8: "colour" is in no dictionary/);
  assert.match(second, /^src\/a\.ts:1:30: "lenght" is in no dictionary/);
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

test("the check leaves out pending paths", async () => {
  const files = {
    "docs/a.md": "# Title\n\nrefused\n",
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
  assert.match((await checked({ "docs/a.md": "# Title\n" }, ["dosc"]))[0] ?? "", /no text to check/);
});
