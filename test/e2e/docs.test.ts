/** The commands of the README, the tutorials and the how-to pages, run in their order like a new user. */
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { firstServer, markedBlocks, ROOT, Typist } from "./pages.ts";
import { timed, TestNamespace } from "./test-namespace.ts";

describe("commands that people are told to type", () => {
  let typist: Typist;

  before(async () => {
    typist = await Typist.create();
  });
  after(() => typist[Symbol.asyncDispose]());

  const pages = globSync("docs/{how-to,tutorials}/*.md", { cwd: ROOT }).filter(
    (page) => markedBlocks(page).length > 0,
  );

  for (const page of ["README.md", ...pages]) {
    it(`${page} works as it stands`, async () => {
      const name = page.replace(/^.*\/|\.md$/g, "").toLowerCase();
      const namespace = await TestNamespace.create(`e2e-docs-${name}`);
      try {
        const blocks = page === "README.md" ? [] : markedBlocks(page);
        await timed(page, () => typist.type(namespace, [...firstServer(), ...blocks]));
      } finally {
        await namespace.remove();
      }
    });
  }

  it("are on some pages at least", () => assert.ok(pages.length >= 4));
});
