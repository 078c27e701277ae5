import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const DOCS = join(import.meta.dirname, "../../docs/reference");
const TESTS = join(import.meta.dirname, "..");
/** Text, file and ID of a link to a test. */
const LINK = /\[([^\]]+)\]\((\.\.\/\.\.\/test\/[^ )#]+)#([a-z0-9-]+)\)/gu;
/** ID of the test on the next line, or of one case in a table of test cases. */
const ID = /^ *\/\/ id: ([a-z0-9-]+)\n(?! *(?:\/\/|\n))/gmu;
const NEEDS_NO_TEST = /^(?:P|N): \S/u;

interface Link {
  text: string;
  /** Path of the test file, relative to the folder of the page. */
  file: string;
  id: string;
}

function linksIn(text: string): Link[] {
  return [...text.matchAll(LINK)].map(([, link = "", file = "", id = ""]) => ({
    text: link,
    file,
    id,
  }));
}

/** Returns the cells of each table row in the page. The first row of each table is its header. */
function tablesOf(page: string): string[][][] {
  return page.split(/\n\n/u).flatMap((block) => {
    const lines = block.split("\n").filter((line) => line.startsWith("| "));
    return lines.length === 0 ? [] : [lines.map((line) => line.slice(2, -2).split(" | "))];
  });
}

/** Returns the cells of each table row in the page, without the header rows. */
function rowsOf(page: string): string[][] {
  return tablesOf(page).flatMap((table) => table.slice(1));
}

function idsIn(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(ID)].map(([, id = ""]) => id);
}

const PAGES = ["features.md", "attacks.md"];

for (const name of PAGES)
  test(`docs/reference/${name} links to tests by existing IDs`, () => {
    const page = readFileSync(join(DOCS, name), "utf8");
    const links = linksIn(page);
    assert.ok(links.length > 20);
    // Without an ID in the link, this test could not check the target of the link.
    assert.equal(links.length, page.split("](../../test/").length - 1);
    for (const { file, id } of links)
      assert.ok(idsIn(join(DOCS, file)).includes(id), `${file} has no test with the line "// id: ${id}"`);
  });

test("each test ID is unique and has a link", () => {
  const linked = PAGES.flatMap((name) => linksIn(readFileSync(join(DOCS, name), "utf8")).map(({ id }) => id));
  const ids = globSync("**/*.ts", { cwd: TESTS }).flatMap((file) => idsIn(join(TESTS, file)));
  assert.deepEqual(
    ids.toSorted(),
    [...new Set(linked)].toSorted(),
    "remove the id, or link to it from features.md or attacks.md",
  );
});

test("each Y of ftp-operator in features.md links to a test, and each P and N has a reason", () => {
  const page = readFileSync(join(DOCS, "features.md"), "utf8");
  for (const [header = []] of tablesOf(page)) assert.equal(header.at(-1), "ftp-operator");
  for (const table of tablesOf(page))
    for (const cells of table) assert.equal(cells.length, table[0]?.length, cells.join(" | "));
  for (const cells of rowsOf(page)) {
    const ours = cells.at(-1) ?? "";
    const [link] = linksIn(ours);
    assert.ok(
      link === undefined ? NEEDS_NO_TEST.test(ours) : ["Y", "P"].includes(link.text),
      `${cells[0]}: ${ours}`,
    );
  }
});

test("each attack in attacks.md links to a test", () => {
  for (const cells of rowsOf(readFileSync(join(DOCS, "attacks.md"), "utf8")))
    assert.ok(linksIn(cells.at(-1) ?? "").length > 0, cells.join(" | "));
});
