import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { metricsPage, PAGE } from "../../tools/docs/metrics-page.ts";

test("docs/reference/metrics.md is what the registries say", async () => {
  assert.equal(readFileSync(PAGE, "utf8"), await metricsPage(), "run npm run generate");
});
