import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Cell, outline, page } from "../../tools/clients/page.ts";
import { PROGRAMS } from "../../tools/clients/programs.ts";

const PAGE = join(import.meta.dirname, "../../docs/reference/clients.md");

test("docs/reference/clients.md has every program and column of the matrix (run `make clients`)", () => {
  const lines = readFileSync(PAGE, "utf8").split("\n");
  for (const beginning of outline())
    assert.ok(
      lines.some((line) => line.startsWith(beginning)),
      beginning,
    );
  assert.equal(lines.filter((line) => line.startsWith("| ")).length, 2 * (PROGRAMS.length + 1));
});

test("the page shows failed jobs and their reasons", () => {
  const [program] = PROGRAMS;
  assert.ok(program);
  const cell: Cell = {
    storage: "Volume",
    protection: "explicit",
    mode: "active",
    passed: ["upload", "list"],
    failed: new Map([["download", "it was\ncut"]]),
  };
  const text = page([{ program, version: "1.2", cells: [cell] }]);
  assert.match(text, /^\| curl 1\.2 \|  \|  \|  \| U L \*\*not D\*\* \|  \|  \|$/mu);
  assert.match(text, /^- curl, explicit, active: download failed: it was cut$/mu);
});
