/** Finds broken links in the built site. */
import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/**
 * Matches HTML elements whose address the browser loads together with the page. The browser loads the address of an
 * `<a>` element only when the reader follows the link.
 */
const LOADED = /<(?:script|img|iframe|source|link)\b[^>]*?\s(?:src|href)="([^"]+)"/gu;
const LINK = /<a\b[^>]*?\shref="([^"]+)"/gu;
const ANCHOR = /\sid="([^"]+)"/gu;
const LOADED_BY_STYLE = /(?:url\(["']?|@import\s+["'])(https?:[^)"']+)/gu;

interface Site {
  readonly files: ReadonlySet<string>;
  readonly pages: ReadonlyMap<string, string>;
  readonly anchors: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Returns one line for each link to a missing page, file or anchor. Also returns one line for each resource that a page
 * or style loads from another host.
 */
export function brokenReferences(folder: string): string[] {
  const site = readSite(folder);
  const styles = [...site.files].filter((file) => file.endsWith(".css"));
  return [
    ...[...site.pages].flatMap(([page, html]) => brokenIn(site, page, html)),
    ...styles.flatMap((style) =>
      found(readFileSync(join(folder, style), "utf8"), LOADED_BY_STYLE).map(
        (address) => `${style} loads ${address}`,
      ),
    ),
  ];
}

function readSite(folder: string): Site {
  const files = globSync("**/*", { cwd: folder });
  const pages = new Map(
    files
      .filter((file) => file.endsWith(".html"))
      .map((file) => [file, readFileSync(join(folder, file), "utf8")] as const),
  );
  const anchors = new Map([...pages].map(([page, html]) => [page, new Set(found(html, ANCHOR))]));
  return { files: new Set(files), pages, anchors };
}

function brokenIn(site: Site, page: string, html: string): string[] {
  const loaded = found(html, LOADED).flatMap((address) => {
    if (isExternal(address)) return `${page} loads ${address}`;
    return exists(site, page, address) ? [] : `${page} loads ${address}, which does not exist`;
  });
  const linked = found(html, LINK)
    .filter((address) => !isExternal(address) && !exists(site, page, address))
    .map((address) => `${page} links to ${address}, which does not exist`);
  return [...loaded, ...linked];
}

function exists({ files, anchors }: Site, page: string, address: string): boolean {
  const [path = "", anchor] = decodeURI(address).split("#");
  const target = path === "" ? `/${page}` : posix.resolve(`/${posix.dirname(page)}`, path);
  const file = target === "/" || path.endsWith("/") ? posix.join(target, "index.html") : target;
  return files.has(file.slice(1)) && (!anchor || anchors.get(file.slice(1))?.has(anchor) === true);
}

function found(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, group = ""]) => group);
}

function isExternal(address: string): boolean {
  return /^(?:[a-z]+:|\/\/)/.test(address);
}
