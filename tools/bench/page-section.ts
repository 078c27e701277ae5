import { machine } from "./cells.ts";

/** Sections in docs/reference/benchmarks.md, in page order. A separate benchmark writes each section. */
const SECTIONS = ["Fairness", "Object storage", "Notifications"] as const;

export type SectionTitle = (typeof SECTIONS)[number];

const METHOD = "\n## Method\n";

function startOf(page: string, title: string): number {
  return page.indexOf(`\n## ${title}\n`);
}

/** Returns the section with the given title, or an empty string if the page has no such section. */
export function sectionIn(page: string, title: SectionTitle): string {
  const start = startOf(page, title);
  if (start === -1) return "";
  const end = page.indexOf("\n## ", start + 1);
  return page.slice(start + 1, end === -1 ? undefined : end);
}

/** Returns a section with a description of the machine, because each section can be measured on another machine. */
export function withMachine(section: string): string {
  return `${section.trimEnd()}\n\nThis section was measured on ${machine()}.\n`;
}

/** Returns a copy of the page in which the section with the given title is added or replaced. */
export function withSection(page: string, title: SectionTitle, section: string): string {
  const start = startOf(page, title);
  if (start !== -1) return page.replace(sectionIn(page, title), () => section);
  const following = SECTIONS.slice(SECTIONS.indexOf(title) + 1)
    .map((other) => startOf(page, other))
    .find((index) => index !== -1);
  const at = following ?? page.indexOf(METHOD);
  return `${page.slice(0, at)}\n${section}${page.slice(at)}`;
}

/** Returns the text of all sections in SECTIONS that the page contains. */
export function sectionsIn(page: string): string {
  return SECTIONS.map((title) => sectionIn(page, title))
    .filter((text) => text !== "")
    .join("\n");
}
