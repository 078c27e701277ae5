import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { licensesPage, PAGE, runtimePackages } from "../../tools/docs/licenses-page.ts";

/** Licenses that permit redistribution in an image under the Apache License 2.0. */
const ALLOWED: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  // argparse is a port of the Python module, and its license is as permissive as MIT.
  "PSF-2.0",
  "Python-2.0",
  "Unlicense",
]);

test("docs/reference/licenses.md matches package-lock.json", () => {
  assert.equal(readFileSync(PAGE, "utf8"), licensesPage(), "run npm run generate");
});

test("every package of the image has a license that permits redistribution", () => {
  const packages = runtimePackages();
  assert.ok(packages.length > 20);
  assert.deepEqual(
    packages.filter(({ license }) => !ALLOWED.has(license)),
    [],
  );
});

test("no package of the image builds native code, so one tree works on every architecture", () => {
  assert.deepEqual(
    runtimePackages().filter(({ hasInstallScript }) => hasInstallScript),
    [],
  );
});
