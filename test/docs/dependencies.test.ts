import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

const ROOT = join(import.meta.dirname, "../..");
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), "utf8");

interface Row {
  name: string;
  version: string;
  license: string;
  why: string;
}

/** Returns the table rows below a heading. */
function rows(heading: string): Row[] {
  const section =
    read("docs/contributing/dependencies.md")
      .split(/^## /m)
      .find((text) => text.startsWith(heading)) ?? "";
  return section
    .split("\n")
    .filter((line) => /^\| (?!Package)/.test(line))
    .map((line) => {
      const [, name = "", version = "", license = "", why = ""] = line.split("|").map((cell) => cell.trim());
      return { name, version, license, why };
    });
}

const packageJson: Record<string, Record<string, string>> = JSON.parse(read("package.json"));
const TABLES = {
  "In the image": { ...packageJson["dependencies"] },
  "For development": { ...packageJson["devDependencies"], ...packageJson["optionalDependencies"] },
};

describe("docs/contributing/dependencies.md", () => {
  for (const [heading, wanted] of Object.entries(TABLES)) {
    it(`lists exactly the packages of package.json under "${heading}"`, () => {
      assert.deepEqual(Object.fromEntries(rows(heading).map(({ name, version }) => [name, version])), wanted);
    });

    it(`gives a reason and the right license for each package under "${heading}"`, () => {
      const all = rows(heading);
      assert.ok(all.length > 0);
      for (const { name, license, why } of all) {
        assert.notEqual(why, "", name);
        const manifest = join("node_modules", name, "package.json");
        // npm does not install packages for other platforms.
        if (existsSync(join(ROOT, manifest))) assert.equal(license, JSON.parse(read(manifest)).license, name);
      }
    });
  }
});
