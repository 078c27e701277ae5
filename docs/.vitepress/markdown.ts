/** How the site renders Markdown where GitHub and VitePress differ, so that one source works on both. */
import { statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { MarkdownOptions } from "vitepress";
import { REPOSITORY } from "./repository.ts";

type Markdown = Parameters<NonNullable<MarkdownOptions["config"]>>[0];

const DOCS = join(import.meta.dirname, "..");

/** Returns the anchor of a heading by the rule of GitHub: letters, digits, `-` and `_` stay, each space becomes `-`. */
export function slugify(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, "")
    .replaceAll(" ", "-");
}

/** Links to files outside docs/, such as examples and tests, lead to the repository. */
export function linkRepositoryFiles(markdown: Markdown): void {
  const render = markdown.renderer.rules["link_open"];
  markdown.renderer.rules["link_open"] = (tokens, index, options, env, self) => {
    const token = tokens[index];
    const href = token?.attrGet("href");
    if (token && href) token.attrSet("href", repositoryAddress(env.relativePath, href) ?? href);
    return render ? render(tokens, index, options, env, self) : self.renderToken(tokens, index, options);
  };
}

function repositoryAddress(page: string, href: string): string | undefined {
  if (!/^\.\.?\//.test(href)) return undefined;
  const [file = "", anchor] = href.split("#");
  const path = normalize(join("docs", dirname(page), decodeURI(file)));
  if (path.startsWith("docs/")) return undefined;
  // Throws when the file does not exist, which fails the build.
  const kind = statSync(join(DOCS, "..", path)).isDirectory() ? "tree" : "blob";
  return `${REPOSITORY}/${kind}/main/${path}${anchor ? `#${anchor}` : ""}`;
}

/** Code blocks in the language `mermaid` become diagrams; theme/mermaid-diagram.ts draws them. */
export function renderDiagrams(markdown: Markdown): void {
  const render = markdown.renderer.rules["fence"];
  markdown.renderer.rules["fence"] = (tokens, index, options, env, self) => {
    const token = tokens[index];
    if (token?.info.trim() !== "mermaid") return render?.(tokens, index, options, env, self) ?? "";
    const source = markdown.utils.escapeHtml(token.content);
    return `<mermaid-diagram v-pre><pre>${source}</pre></mermaid-diagram>`;
  };
}
