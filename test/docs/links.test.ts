import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { slugify } from "../../docs/.vitepress/markdown.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: ROOT,
})
  .toString()
  .split("\n")
  // The test excludes the notes.md files, because the generated pages contain the same text.
  .filter((page) => existsSync(join(ROOT, page)) && page.endsWith(".md") && !page.endsWith("/notes.md"));

/** Returns the text without code, because brackets in code are not links. */
function proseOf(page: string): string {
  return readFileSync(join(ROOT, page), "utf8")
    .replaceAll(/^ *```[^]*?^ *```/gm, "")
    .replaceAll(/`[^`\n]+`/g, "code");
}

function anchorsOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), "utf8").replaceAll(/^ *```[^]*?^ *```/gm, "");
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    slugify(heading.replaceAll(/[`*]/g, "")),
  );
}

/** Returns the reason why a link is broken. */
function fault(page: string, link: string): string | undefined {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? page : join(dirname(page), decodeURI(file));
  if (!existsSync(join(ROOT, target))) return `${link}: ${target} does not exist`;
  if (!anchor || statSync(join(ROOT, target)).isDirectory() || !target.endsWith(".md")) return undefined;
  return anchorsOf(target).includes(anchor) ? undefined : `${link}: ${target} has no heading #${anchor}`;
}

describe("Markdown links", () => {
  for (const page of PAGES)
    it(`${page} links to files and headings that exist`, () => {
      const links = [...proseOf(page).matchAll(/\]\((?![a-z]+:)([^)\s]+)/g)].map(([, link = ""]) => link);
      assert.deepEqual(
        links.map((link) => fault(page, link)).filter((line) => line !== undefined),
        [],
      );
    });
});
