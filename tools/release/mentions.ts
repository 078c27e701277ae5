/** Finds and replaces mentions of the ftp-operator version in the repository. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { output } from "./command.ts";

export interface Mention {
  readonly file: string;
  /** Starts at 1. */
  readonly line: number;
  readonly version: string;
}

/** Pages and metadata that users read. The list excludes tests, decisions and generated copies. */
export const MENTIONING_FILES: readonly string[] = [
  ":(glob)*.md",
  "docs",
  ":!docs/contributing",
  ":!docs/reference/cli.md",
  "examples",
  "charts/ftp-operator/Chart.yaml",
  "charts/ftp-operator/README.md",
  ":!CHANGELOG.md",
];

/** Patterns of the text that precedes an ftp-operator version. */
const PREFIXES = [
  // An image reference or an OCI chart tag.
  String.raw`/ftp-operator:`,
  String.raw`image\.tag=`,
  String.raw`^\s+tag: "?`,
  String.raw`^(?:appVersion|version): "?`,
  String.raw`\bcharts/ftp-operator\b.*--version[ =]`,
  String.raw`\bchart: ftp-operator\n\s+(?:targetRevision|version): "?`,
  String.raw`/releases/download/v`,
  // Output of the programs.
  String.raw`\b(?:kubectl-ftpsrv|ftp-operator) `,
  "^(?:plugin|operator|engine) +",
];
const NUMBER = String.raw`\d+\.\d+\.\d+`;
const PRERELEASE = "-[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?";
/** In a file name, the pre-release identifier ends before the platform name or the file extension. */
const IN_FILE_NAME = String.raw`(?<=\b(?:kubectl-ftpsrv-v|ftp-operator-(?:olm-bundle-)?))${NUMBER}(?:-[0-9A-Za-z.-]+?)??(?=-linux-|-darwin-|-windows-|\.tar\.gz|\.tgz)`;
const MENTION = new RegExp(`(?<=${PREFIXES.join("|")})${NUMBER}(?:${PRERELEASE})?|${IN_FILE_NAME}`, "gmu");

/** Returns the version mentions in the pages, examples and chart metadata of a checkout. */
export async function mentionsIn(root: string): Promise<Mention[]> {
  return (await mentioningFiles(root)).flatMap((file) =>
    mentionsInText(file, readFileSync(join(root, file), "utf8")),
  );
}

/** Returns the version mentions in one file. */
export function mentionsInText(file: string, text: string): Mention[] {
  return [...text.matchAll(MENTION)].map(({ 0: version, index }) => ({
    file,
    line: text.slice(0, index).split("\n").length,
    version,
  }));
}

/** Returns the new contents of the files that mention another version. The given version replaces the other version. */
export async function withVersion(root: string, version: string): Promise<Map<string, string>> {
  const changed = new Map<string, string>();
  for (const file of [...(await mentioningFiles(root)), "package.json", "package-lock.json"]) {
    const text = readFileSync(join(root, file), "utf8");
    const result = file.endsWith(".json")
      ? withPackageVersion(text, version)
      : text.replaceAll(MENTION, version);
    if (result !== text) changed.set(file, result);
  }
  return changed;
}

async function mentioningFiles(root: string): Promise<string[]> {
  const listed = await output("git", ["ls-files", "--", ...MENTIONING_FILES], { cwd: root });
  return listed.split("\n").filter((file) => /\.(?:md|ya?ml)$/u.test(file));
}

/** Sets the version in package.json, and the version of the root package in package-lock.json. */
function withPackageVersion(text: string, version: string): string {
  const manifest: { version: string; packages?: Record<string, { version?: string }> } = JSON.parse(text);
  manifest.version = version;
  const rootPackage = manifest.packages?.[""];
  if (rootPackage !== undefined) rootPackage.version = version;
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
