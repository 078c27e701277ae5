import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, describe, it } from "node:test";
import { brokenReferences } from "../../tools/docs/site-links.ts";

const ROOT = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "docs-site-"));
after(() => rmSync(folder, { recursive: true, force: true }));

describe("documentation site", { timeout: 600_000 }, () => {
  it("builds without a broken link and without a request to another host", async () => {
    const build = spawn(process.execPath, [join(ROOT, "tools/docs/site.ts"), join(folder, "site")], {
      cwd: ROOT,
    });
    const [errors, output, [code]] = await Promise.all([
      text(build.stderr),
      text(build.stdout),
      once(build, "exit"),
    ]);
    assert.equal(code, 0, errors + output);
    assert.match(output, /The site is in /);
  });

  it("contains every page, and the source of diagrams", () => {
    const sources = globSync("**/*.md", { cwd: join(ROOT, "docs") });
    const pages = globSync("**/*.html", { cwd: join(folder, "site") });
    assert.deepEqual(
      pages.filter((page) => page !== "404.html").toSorted(),
      sources.map((source) => source.replace(/md$/, "html")).toSorted(),
    );
    const page = readFileSync(join(folder, "site/contributing/source-map.html"), "utf8");
    assert.match(page, /<mermaid-diagram><pre>flowchart/);
  });
});

describe("link check of the site", () => {
  const check = (pages: Record<string, string>): string[] => {
    const site = mkdtempSync(join(folder, "pages-"));
    mkdirSync(join(site, "how-to"));
    for (const [page, html] of Object.entries(pages)) writeFileSync(join(site, page), html);
    return brokenReferences(site);
  };

  it("accepts relative and absolute links, anchors, and links to other hosts that only a reader follows", () => {
    const pages = {
      "index.html": `<a href="/how-to/install.html#helm">1</a> <a href="./how-to/install.html">2</a> <a href="https://example.com/">3</a>`,
      "how-to/install.html": `<h2 id="helm">Helm</h2> <a href="#helm">1</a> <a href="../index.html">2</a> <a href="/">3</a>`,
    };
    assert.deepEqual(check(pages), []);
  });

  const broken = {
    "a page that does not exist": [
      `<a href="/none.html">1</a>`,
      "index.html links to /none.html, which does not exist",
    ],
    "an anchor that does not exist": [
      `<a href="#none">1</a>`,
      "index.html links to #none, which does not exist",
    ],
    "a picture that does not exist": [
      `<img alt="" src="/none.svg">`,
      "index.html loads /none.svg, which does not exist",
    ],
    "a script of another host": [
      `<script src="https://cdn.example.com/a.js"></script>`,
      "index.html loads https://cdn.example.com/a.js",
    ],
  };
  for (const [what, [html = "", message]] of Object.entries(broken))
    it(`reports ${what}`, () => assert.deepEqual(check({ "index.html": html }), [message]));

  it("reports a style that loads a font of another host", () => {
    const style = `@font-face { src: url("https://fonts.example.com/a.woff2") }`;
    assert.deepEqual(check({ "a.css": style }), ["a.css loads https://fonts.example.com/a.woff2"]);
  });
});
