/** The navigation bar and the sidebar: one section for each folder, each page under the heading of its file. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DefaultTheme } from "vitepress";
import { REPOSITORY } from "./repository.ts";

const DOCS = join(import.meta.dirname, "..");

interface Section {
  readonly title: string;
  /** Pages and groups of pages in reading order, without `.md`. */
  readonly pages: readonly (string | { readonly title: string; readonly pages: readonly string[] })[];
}

const SECTIONS: readonly Section[] = [
  { title: "Tutorials", pages: ["tutorials/try-it", "tutorials/first-server"] },
  {
    title: "How-to guides",
    pages: [
      "how-to/install",
      "how-to/accounts",
      "how-to/certificates",
      "how-to/network",
      "how-to/harden",
      "how-to/changes",
      "how-to/resources",
      "how-to/autoscale",
      "how-to/share-files",
      "how-to/mount-storage",
      "how-to/use-amazon-s3",
      "how-to/use-minio",
      "how-to/notify-a-pipeline",
      "how-to/backup",
      "how-to/migrate",
      "how-to/gitops",
      "how-to/openshift",
      "how-to/kubectl-plugin",
    ],
  },
  {
    title: "Concepts",
    pages: [
      "concepts/ftp-on-kubernetes",
      "concepts/ports-and-slots",
      "concepts/uploads",
      "concepts/object-storage",
      "concepts/security-model",
      "concepts/faq",
    ],
  },
  {
    title: "Reference",
    pages: [
      { title: "API", pages: ["ftpserver", "ftpuser", "api-policy", "api-changes"].map(inReference) },
      { title: "Programs", pages: ["cli", "metrics", "events", "commands", "files"].map(inReference) },
      {
        title: "Compatibility",
        pages: ["support", "load-balancers", "clients", "compatibility", "features"].map(inReference),
      },
      {
        title: "Measurements",
        pages: ["benchmarks", "capacity", "scale", "reliability", "soak"].map(inReference),
      },
      { title: "Security", pages: ["attacks", "licenses"].map(inReference) },
    ],
  },
  {
    title: "Operations",
    pages: [
      "operations/monitoring",
      "operations/troubleshooting",
      "operations/supply-chain",
      { title: "Runbooks", pages: pagesOf("operations/runbooks") },
    ],
  },
  {
    title: "Contributing",
    pages: [
      "contributing/architecture",
      "contributing/source-map",
      "contributing/dependencies",
      "contributing/decisions/index",
      { title: "Decision records", pages: pagesOf("contributing/decisions") },
    ],
  },
];

/** Returns the links at the top of every page. */
export function navigationBar(): DefaultTheme.NavItem[] {
  const sections = SECTIONS.map(({ title, pages: [first] }) => {
    const page = typeof first === "string" ? first : first?.pages[0];
    return { text: title, link: `/${page}`, activeMatch: `^/${page?.split("/")[0]}/` };
  });
  return [...sections, { text: "GitHub", link: REPOSITORY }];
}

/** Returns the sidebar. @throws Error when it does not list each page of docs/ once */
export function sidebar(): DefaultTheme.SidebarItem[] {
  const listed = SECTIONS.flatMap(({ pages }) =>
    pages.flatMap((page) => (typeof page === "string" ? page : page.pages)),
  );
  const missing = pagesOf("**").filter((page) => !listed.includes(page));
  if (missing.length > 0)
    throw new Error(`docs/.vitepress/navigation.ts does not list ${missing.join(", ")}`);
  return SECTIONS.map(({ title, pages }) => ({
    text: title,
    // The section of the current page is opened by VitePress.
    collapsed: true,
    items: pages.map((page) =>
      typeof page === "string"
        ? link(page)
        : { text: page.title, collapsed: true, items: page.pages.map(link) },
    ),
  }));
}

function inReference(name: string): string {
  return `reference/${name}`;
}

function pagesOf(folder: string): string[] {
  return globSync(`${folder}/*.md`, { cwd: DOCS })
    .filter((file) => !file.endsWith("index.md"))
    .map((file) => file.replace(/\.md$/, ""))
    .toSorted();
}

function link(page: string): DefaultTheme.SidebarItem {
  const heading = /^# (.+)$/m.exec(readFileSync(join(DOCS, `${page}.md`), "utf8"))?.[1];
  if (!heading) throw new Error(`docs/${page}.md has no heading`);
  return { text: heading.replaceAll("`", ""), link: `/${page}` };
}
