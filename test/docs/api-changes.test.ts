import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { unexplainedChanges } from "../../tools/docs/api-changes.ts";
import { apiChangesPage, PAGE } from "../../tools/docs/api-changes-page.ts";

test("docs/reference/api-changes.md matches the table of the first draft", () => {
  assert.equal(readFileSync(PAGE, "utf8"), apiChangesPage(), "run npm run generate");
});

test("docs/reference/api-changes.md explains every incompatible change since the first draft", () => {
  assert.deepEqual(unexplainedChanges(), [], "add an entry to OTHER_CHANGES in tools/docs/api-changes.ts");
});
