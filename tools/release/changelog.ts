/** Reads and writes CHANGELOG.md in the Keep a Changelog 1.1.0 format, and generates the release notes. */
import { ReleaseError } from "./release-error.ts";

export interface Section {
  readonly version: string;
  /** For example 2026-11-29. */
  readonly date: string;
  /** Text of the section, without leading and trailing blank lines. */
  readonly body: string;
}

export interface Changelog {
  /** Changes for the next release. Empty if there are no changes. */
  readonly unreleased: string;
  /** Newest first. */
  readonly sections: readonly Section[];
}

/** An entry in a changelog section. */
export interface Change {
  /** Heading: Added, Changed, Deprecated, Removed, Fixed or Security. */
  readonly kind: string;
  readonly text: string;
}

const UNRELEASED = "## [Unreleased]";
const HEADING = /^## \[(.+?)\](?: - (\S+))?$/mu;
/** A link definition at the end of the file, such as `[0.2.0]: https://...`. */
const LINK = /^\[[^\]]+\]: \S+$/u;

/** Parses a changelog. @throws Error when the heading Unreleased is missing */
export function parseChangelog(text: string): Changelog {
  const parts = withoutLinks(text).split(new RegExp(HEADING.source, "mu"));
  // The array starts with the text before the first heading. Version, date and body of each section follow.
  const sections: Section[] = [];
  for (let index = 1; index < parts.length; index += 3) {
    const [version = "", date = "", body = ""] = parts.slice(index, index + 3);
    sections.push({ version, date, body: body.trim() });
  }
  const unreleased = sections.find(({ version }) => version === "Unreleased");
  if (unreleased === undefined) throw new Error(`CHANGELOG.md has no heading "${UNRELEASED}"`);
  return { unreleased: unreleased.body, sections: sections.filter((section) => section !== unreleased) };
}

/** Moves the entries under Unreleased to a new version heading. @throws ReleaseError when Unreleased has no entries */
export function releaseUnreleased(text: string, version: string, date: string, home: string): string {
  const { unreleased, sections } = parseChangelog(text);
  if (unreleased === "") {
    throw new ReleaseError(
      `CHANGELOG.md has no section for ${version}, and nothing below "${UNRELEASED}"`,
      "git log --oneline    # then describe the changes for users below that heading",
    );
  }
  const intro = text.slice(0, text.indexOf(UNRELEASED));
  const released = [{ version, date, body: unreleased }, ...sections];
  const blocks = released.map((section) => `## [${section.version}] - ${section.date}\n\n${section.body}\n`);
  const links = linksOf(
    released.map((section) => section.version),
    home,
  );
  return `${intro}${UNRELEASED}\n\n${blocks.join("\n")}\n${links.join("\n")}\n`;
}

/** Returns the entries in a section in order. Each entry is a single line. */
export function changesIn(body: string): Change[] {
  return body.split(/^### /mu).flatMap((group) => {
    const [kind = "", ...lines] = group.split("\n");
    const entries = lines.join("\n").split(/^- /mu).slice(1);
    return entries.map((entry) => ({ kind: kind.trim(), text: entry.trim().replaceAll(/\s+/gu, " ") }));
  });
}

function withoutLinks(text: string): string {
  return text
    .split("\n")
    .filter((line) => !LINK.test(line))
    .join("\n");
}

/** Returns link definitions, each of which points to the changes in one release on GitHub. */
function linksOf(versions: readonly string[], home: string): string[] {
  const comparisons = versions.map((version, index) => {
    const previous = versions[index + 1];
    const page = previous === undefined ? `releases/tag/v${version}` : `compare/v${previous}...v${version}`;
    return `[${version}]: ${home}/${page}`;
  });
  return [`[Unreleased]: ${home}/compare/v${versions[0]}...HEAD`, ...comparisons];
}

export interface NotesOptions {
  readonly version: string;
  readonly home: string;
  /** Body of the section in CHANGELOG.md for the version. */
  readonly section: string;
}

/** Returns RELEASE_NOTES.md, which contains the user-visible changes and installation instructions. */
export function releaseNotes({ version, home, section }: NotesOptions): string {
  const download = `${home}/releases/download/v${version}`;
  return `${section.replaceAll(/^### /gmu, "## ")}

## Install or upgrade

\`\`\`sh
helm upgrade --install ftp-operator oci://ghcr.io/ftp-operator/charts/ftp-operator --version ${version} \\
  --namespace ftp-system --create-namespace
# or without Helm
kubectl apply -f ${download}/install.yaml
# the kubectl plugin
kubectl krew install --manifest-url=${download}/ftpsrv.yaml
\`\`\`

Every file is listed in \`checksums.txt\`. Instructions: [docs/how-to/install.md](${home}/blob/v${version}/docs/how-to/install.md).
`;
}
