/** A repository with one commit. The commit contains the files of this checkout, including uncommitted changes. */
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { programFile } from "../../cluster/programs.ts";
import { type Finished, finish, run } from "../../cluster/run.ts";

export const ROOT = join(import.meta.dirname, "../../..");

/** An entry to add to CHANGELOG.md. Directly after a release, the file has no unreleased entries. */
export const CHANGE = "A change of a test.";

export interface Checkout {
  readonly folder: string;
  /** The version in package.json. */
  readonly version: string;
  /** The next minor version. */
  readonly next: string;
  readonly git: (...args: string[]) => Promise<string>;
  /** Runs tools/release/main.ts in the checkout. */
  readonly release: (...args: string[]) => Promise<Finished>;
}

/** Creates a repository in a new folder. The commit time is constant. */
export async function createCheckout(folder: string): Promise<Checkout> {
  const listed = await run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"],
    {
      cwd: ROOT,
    },
  );
  for (const file of listed.trimEnd().split("\n")) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    // `git ls-files` also lists deleted files whose deletion is not committed.
    await copyFile(join(ROOT, file), join(folder, file)).catch(() => {});
  }
  const changelog = join(folder, "CHANGELOG.md");
  const text = await readFile(changelog, "utf8");
  await writeFile(changelog, text.replace("## [Unreleased]\n", `$&\n### Fixed\n\n- ${CHANGE}\n`));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const git = async (...args: string[]): Promise<string> => await run(["git", ...args], { cwd: folder, env });
  await git("init", "--quiet");
  await writeFile(join(folder, ".git/info/exclude"), "node_modules\n");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "test: commit a release");
  const { version }: { version: string } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const [major, minor] = version.split(".");
  return {
    folder,
    version,
    next: `${major}.${Number(minor) + 1}.0`,
    git,
    release: (...args) => finish([process.execPath, "tools/release/main.ts", ...args], { cwd: folder, env }),
  };
}

const identity = { NAME: "test", EMAIL: "test@example.com", DATE: "2026-01-02T03:04:05Z" };
const { SOURCE_DATE_EPOCH: _, ...inherited } = process.env;
const env = {
  ...inherited,
  GIT_CONFIG_GLOBAL: "/dev/null",
  HELM: programFile("helm", "helm"),
  ...Object.fromEntries(
    Object.entries(identity).flatMap(([name, value]) => [
      [`GIT_AUTHOR_${name}`, value],
      [`GIT_COMMITTER_${name}`, value],
    ]),
  ),
};
