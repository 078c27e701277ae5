import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { CAUSES } from "../../src/probe/failure.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Where a reason is written in the source: `reason: …`, `reason = …`, and the helpers that take one. */
const PLACES = [
  /\breason(?::| =(?!=))([^;,}]*)/g,
  /\b(?:unknown|problem|skip|refused|awaited)\(([^,]*)/g,
  /\bassigned\(([^;]*)\)/g,
];
const REASON = /"([A-Z][A-Za-z0-9]+)"/g;

function reasonsInSource(): Set<string> {
  const files = globSync("src/{plan,operator}/**/*.ts", { cwd: ROOT });
  const texts = files.map((file) => readFileSync(join(ROOT, file), "utf8"));
  const places = texts.flatMap((text) =>
    PLACES.flatMap((place) => [...text.matchAll(place)].map(([, code = ""]) => code)),
  );
  const reasons = places.flatMap((code) => [...code.matchAll(REASON)].map(([, reason = ""]) => reason));
  // Of a check they are handed on as they are.
  return new Set([...reasons, ...Object.keys(CAUSES)]);
}

function reasonsInTables(): Set<string> {
  const page = readFileSync(join(ROOT, "docs/operations/troubleshooting.md"), "utf8");
  const cells = page.split("\n").map((line) => /^\| (`[^|]*) \|/.exec(line)?.[1] ?? "");
  return new Set(
    cells.flatMap((cell) => [...cell.matchAll(/`([A-Z]\w+)`/g)].map(([, reason = ""]) => reason)),
  );
}

describe("docs/operations/troubleshooting.md", () => {
  it("explains every reason of the source, and no other", () => {
    const [documented, used] = [reasonsInTables(), reasonsInSource()];
    assert.ok(used.size > 20);
    const missing = [...used].filter((reason) => !documented.has(reason));
    const unknown = [...documented].filter((reason) => !used.has(reason));
    assert.deepEqual({ missing, unknown }, { missing: [], unknown: [] });
  });
});
