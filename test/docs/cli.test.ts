import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cliPage, PAGE } from "../../tools/docs/cli-page.ts";

test("docs/reference/cli.md matches the help of each command", async () => {
  assert.equal(readFileSync(PAGE, "utf8"), await cliPage(), "run npm run generate");
});
