import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { commandsPage, PAGE } from "../../tools/docs/commands-page.ts";

test("docs/reference/commands.md matches the command table", () => {
  assert.equal(readFileSync(PAGE, "utf8"), commandsPage(), "run npm run generate");
});
