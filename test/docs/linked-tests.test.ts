import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const DOCS = join(import.meta.dirname, "../../docs/reference");
const LINK = /\[([^\]]+)\]\((\.\.\/\.\.\/test\/[^ )]+) "((?:[^"\\]|\\.)+)"\)/gu;
const NEEDS_NO_TEST = /^(?:P|N): \S/u;

interface Link {
  text: string;
  file: string;
  title: string;
}

function linksIn(text: string): Link[] {
  return [...text.matchAll(LINK)].map(([, link = "", file = "", title = ""]) => ({
    text: link,
    file,
    title,
  }));
}

/** The cells of every row of a page's table, without its head. */
function rowsOf(page: string): string[][] {
  const lines = page.split("\n").filter((line) => line.startsWith("| "));
  return lines.slice(1).map((line) => line.slice(2, -2).split(" | "));
}

for (const name of ["features.md", "attacks.md"])
  test(`docs/reference/${name} names tests that are there`, () => {
    const page = readFileSync(join(DOCS, name), "utf8");
    const links = linksIn(page);
    assert.ok(links.length > 20);
    // A link of another form, such as one with quotes in its title, would not be checked.
    assert.equal(links.length, page.split("](../../test/").length - 1);
    for (const { file, title } of links) {
      const source = readFileSync(join(DOCS, file), "utf8");
      const found = [`"${title}"`, `\`${title}\``].some((quoted) => source.includes(quoted));
      assert.ok(found, `${file} has no test called ${title}`);
    }
  });

test("each Y of ours in docs/reference/features.md leads to a test, and each P and N says why", () => {
  for (const cells of rowsOf(readFileSync(join(DOCS, "features.md"), "utf8"))) {
    assert.equal(cells.length, 10, cells.join(" | "));
    const ours = cells.at(-1) ?? "";
    const [link] = linksIn(ours);
    assert.ok(
      link === undefined ? NEEDS_NO_TEST.test(ours) : ["Y", "P"].includes(link.text),
      `${cells[0]}: ${ours}`,
    );
  }
});

test("each attack in docs/reference/attacks.md has a test that tries it", () => {
  for (const cells of rowsOf(readFileSync(join(DOCS, "attacks.md"), "utf8")))
    assert.ok(linksIn(cells.at(-1) ?? "").length > 0, cells.join(" | "));
});
