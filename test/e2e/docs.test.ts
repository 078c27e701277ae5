/** Runs the commands in the README, the tutorials and the how-to pages in order, like a new user. */
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { allowInternalSinks } from "./operator.ts";
import { firstServer, markedBlocks, ROOT, Typist } from "./pages.ts";
import { timed, TestNamespace } from "./test-namespace.ts";

describe("commands of the documentation", () => {
  let typist: Typist;

  before(async () => {
    typist = await Typist.create();
  });
  after(() => typist[Symbol.asyncDispose]());

  const pages = globSync("docs/{how-to,tutorials}/*.md", { cwd: ROOT }).filter(
    (page) => markedBlocks(page).length > 0,
  );

  for (const page of ["README.md", ...pages]) {
    it(`${page} runs without changes`, async () => {
      const name = page.replace(/^.*\/|\.md$/g, "").toLowerCase();
      const namespace = await TestNamespace.create(`e2e-docs-${name}`);
      try {
        const blocks = page === "README.md" ? [] : markedBlocks(page);
        await timed(page, () => typist.type(namespace, [...firstServer(), ...blocks]));
      } finally {
        // The steps on the page about notifications permit internal sinks.
        if (page.endsWith("notify-a-pipeline.md")) await allowInternalSinks(namespace, false);
        await namespace.remove();
      }
    });
  }

  it("exist on at least four pages", () => assert.ok(pages.length >= 4));
});
