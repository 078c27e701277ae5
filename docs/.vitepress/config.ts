/** The documentation site: `make docs` builds it from the pages in docs/. */
import { defineConfig } from "vitepress";
import { linkRepositoryFiles, renderDiagrams, slugify } from "./markdown.ts";
import { navigationBar, sidebar } from "./navigation.ts";
import { REPOSITORY } from "./repository.ts";

/** Pages with wide tables use the space of the outline. */
const WIDE =
  /^reference\/(?:attacks|benchmarks|capacity|clients|compatibility|features|load-balancers|metrics|soak|scale)\.md$/;
const base = process.env["DOCS_BASE"] ?? "/";

export default defineConfig({
  title: "ftp-operator",
  description: "Managed FTP servers on Kubernetes: an operator with its own FTP engine.",
  lang: "en-US",
  base,
  outDir: "../build/docs",
  cacheDir: "../build/docs-cache",
  head: [["link", { rel: "icon", type: "image/svg+xml", href: `${base}icon.svg` }]],
  markdown: {
    anchor: { slugify },
    config(markdown) {
      linkRepositoryFiles(markdown);
      renderDiagrams(markdown);
    },
  },
  transformPageData(page) {
    if (WIDE.test(page.relativePath)) page.frontmatter["aside"] = false;
  },
  themeConfig: {
    logo: "/icon.svg",
    nav: navigationBar(),
    sidebar: sidebar(),
    outline: { level: [2, 3] },
    search: { provider: "local" },
    editLink: { pattern: `${REPOSITORY}/edit/main/docs/:path`, text: "Edit this page" },
  },
  vite: {
    publicDir: "images",
    // Most of it is the search index and the shared theme.
    build: { chunkSizeWarningLimit: 1500, assetsInlineLimit: 0 },
  },
});
