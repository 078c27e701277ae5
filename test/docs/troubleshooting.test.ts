import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CAUSES } from "../../src/probe/failure.ts";
import { COMMON_REASONS, EVENT_REASONS, SERVER_REASONS } from "../../src/plan/conditions/reasons.ts";
import { USER_REASONS } from "../../src/plan/conditions/reasons/accounts.ts";
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

test("the runbook for delayed events has an action for every reason of a failing sink", () => {
  const page = readFileSync(join(PAGE, "../runbooks/FtpNotificationsDelayed.md"), "utf8");
  const sinkReasons = Object.keys(SERVER_REASONS.NotificationsDelivered).filter((reason) =>
    reason.startsWith("Sink"),
  );
  assert.deepEqual(
    sinkReasons.filter((reason) => !page.includes(`\`${reason}\``)),
    [],
  );
});

test("pages name only reasons of the catalog", () => {
  const root = join(import.meta.dirname, "../..");
  const conditions = [SERVER_REASONS, USER_REASONS]
    .flatMap((catalog) => Object.values(catalog))
    .flatMap((reasons) => Object.keys(reasons));
  const known = new Set([...conditions, ...Object.keys(COMMON_REASONS), ...Object.keys(EVENT_REASONS)]);
  const pages = globSync(["README.md", "docs/**/*.md"], { cwd: root });
  const named = pages.flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(/\breasons? `([A-Z]\w+)`(?: (?:and|or) `(\w+)`)?/g)]
      .flatMap(([, first, second]) => [first, second])
      .flatMap((reason) => (reason === undefined || known.has(reason) ? [] : `${page}: ${reason}`)),
  );
  assert.deepEqual(named, []);
});
