import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PAGE, sourceMapPage } from "../../tools/docs/source-map-page.ts";

test("docs/contributing/source-map.md shows the imports in src/", () => {
  assert.equal(readFileSync(PAGE, "utf8"), sourceMapPage(), "run `npm run generate`");
});
