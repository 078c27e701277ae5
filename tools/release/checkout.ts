/** Reads the Git checkout from which the tools build a release. */
import { readFileSync } from "node:fs";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseChangelog, releaseUnreleased } from "./changelog.ts";
import { output } from "./command.ts";
import { homeOf } from "./chart.ts";
import { withVersion } from "./mentions.ts";
import { ReleaseError } from "./release-error.ts";
import { compareVersions, requireVersion } from "./version.ts";

const FILES_NAMED = 5;

/** Source of a release. */
export interface Source {
  /**
   * Contents of the files that `make version` changes, keyed by path. Empty if the files in the commit already contain
   * the version.
   */
  readonly changes: ReadonlyMap<string, string>;
  /** Full hash of HEAD. */
  readonly commit: string;
  /** Commit time in seconds since the epoch, or the value of SOURCE_DATE_EPOCH. */
  readonly epoch: number;
}

/**
 * Returns the source for a version. Does not change the checkout.
 * @throws ReleaseError when the version or the checkout is invalid
 */
export async function releaseSource(root: string, version: string): Promise<Source> {
  requireVersion(version);
  await requireClean(root);
  const git = async (...args: string[]): Promise<string> => (await output("git", args, { cwd: root })).trim();
  const commit = await git("rev-parse", "HEAD");
  const tagged = await git("rev-parse", "--quiet", "--verify", `v${version}^{commit}`).catch(() => commit);
  if (tagged !== commit) {
    throw new ReleaseError(
      `${version} is already released: tag v${version} is commit ${tagged.slice(0, 7)}`,
      `git checkout v${version}    # to build it again, or choose a newer version`,
    );
  }
  const epoch = Number(process.env["SOURCE_DATE_EPOCH"] ?? (await git("log", "-1", "--format=%ct")));
  const date = new Date(epoch * 1000).toISOString().slice(0, 10);
  return { changes: await versionChanges(root, version, date), commit, epoch };
}

/**
 * Returns the new contents of the files that `make version` changes. The result is empty when the files already contain
 * this version.
 * @throws ReleaseError when the version is older than the current version, or when CHANGELOG.md has no changes
 */
export async function versionChanges(
  root: string,
  version: string,
  date: string,
): Promise<Map<string, string>> {
  requireVersion(version);
  const { version: current }: { version: string } = JSON.parse(read(root, "package.json"));
  if (compareVersions(version, current) < 0) {
    throw new ReleaseError(
      `${version} is older than ${current}, the version in package.json`,
      `make release VERSION=${current}    # or a newer one`,
    );
  }
  const changelog = read(root, "CHANGELOG.md");
  const { sections } = parseChangelog(changelog);
  const changes = await withVersion(root, version);
  if (sections.every((section) => section.version !== version))
    changes.set("CHANGELOG.md", releaseUnreleased(changelog, version, date, homeOf(root)));
  return changes;
}

/**
 * Requires a checkout without local changes.
 * @throws ReleaseError if files differ from the commit or are untracked
 */
export async function requireClean(root: string): Promise<void> {
  const status = await output("git", ["status", "--porcelain"], { cwd: root });
  const files = status.split("\n").flatMap((line) => (line === "" ? [] : [line.slice(3)]));
  if (files.length === 0) return;
  const listed = files.slice(0, FILES_NAMED).join(", ");
  const more = files.length > FILES_NAMED ? ` and ${files.length - FILES_NAMED} more` : "";
  throw new ReleaseError(
    `the checkout has uncommitted changes: ${listed}${more}`,
    "git stash --include-untracked    # or commit them",
  );
}

/** Writes the files in a source to a new folder. The modification time of the files is the commit time. */
export async function copySource(root: string, folder: string, { changes, epoch }: Source): Promise<void> {
  await mkdir(folder, { recursive: true });
  const archive = `${folder}.tar`;
  await output("git", ["archive", "--format=tar", "--output", archive, "HEAD"], { cwd: root });
  await output("tar", ["--extract", "--file", archive, "--directory", folder]);
  for (const [file, text] of changes) {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await utimes(path, epoch, epoch);
  }
}

function read(root: string, file: string): string {
  return readFileSync(join(root, file), "utf8");
}
