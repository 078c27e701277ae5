import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { metricsPage, PAGE } from "../../tools/docs/metrics-page.ts";

const ROOT = join(import.meta.dirname, "../..");
/** Matches a metric name at the start of a code span. A selector can follow. */
const METRIC = /`((?:ftp|controller_runtime|workqueue|reflector)_[a-z_]+)/g;

test("docs/reference/metrics.md matches the metric registries", async () => {
  assert.equal(readFileSync(PAGE, "utf8"), await metricsPage(), "run npm run generate");
});

test("pages name only metrics of docs/reference/metrics.md", async () => {
  const known = new Set([...(await metricsPage()).matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));
  // The changelog contains old metric names. The migration page contains options of other FTP servers.
  const pages = globSync(["README.md", "docs/**/*.md", "charts/*/README.md"], { cwd: ROOT }).filter(
    (page) => !page.endsWith("/migrate.md"),
  );
  const named = pages.flatMap((page) =>
    [...readFileSync(join(ROOT, page), "utf8").matchAll(METRIC)].map(([, name = ""]) => ({ page, name })),
  );
  assert.ok(named.length > 15);
  assert.deepEqual(
    named.filter(({ name }) => !known.has(name)),
    [],
  );
});
