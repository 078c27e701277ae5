import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CAUSES } from "../../src/probe/failure.ts";
import { SERVER_REASONS } from "../../src/plan/conditions/reasons.ts";
import { PAGE, troubleshootingPage } from "../../tools/docs/troubleshooting-page.ts";

test("docs/operations/troubleshooting.md has the current tables of reasons", () => {
  const page = readFileSync(PAGE, "utf8");
  assert.equal(page, troubleshootingPage(page), "run `npm run generate`");
});

test("the catalog explains every reason of a failed reachability check", () => {
  const missing = Object.keys(CAUSES).filter(
    (reason) => !Object.hasOwn(SERVER_REASONS.PassiveReachable, reason),
  );
  assert.deepEqual(missing, []);
});
