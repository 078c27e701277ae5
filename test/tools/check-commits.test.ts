import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Commit, commitsToCheck, violations } from "../../tools/check-commits/main.ts";
import { inTemporaryFolder } from "../cluster/temporary.ts";

const commit = (subject: string, other: Partial<Commit> = {}): Commit => ({
  hash: "0123456789",
  subject,
  body: "",
  changedLines: 5,
  ...other,
});

describe("the check of commit messages", () => {
  for (const subject of [
    "engine: reject resumed sessions of a removed CA",
    "plan,docs: process Secrets of other namespaces",
    "e2e: embed the certificate",
    "test/kube: exceed the watch timeout",
    "chart: pass extraEnv to the container (#12)",
  ])
    it(`accepts "${subject}"`, () => {
      assert.deepEqual(violations(commit(subject)), []);
    });

  for (const [subject, violation] of [
    ["Reject resumed sessions", /^no area: write `area: imperative subject`/],
    ["Engine: reject resumed sessions", /^no area/],
    ["fixup! engine: reject resumed sessions", /^no area/],
    ["engine:reject resumed sessions", /^no area/],
    [
      "engine: Reject resumed sessions",
      /^subject starts with `Reject`: write an imperative verb in lower case/,
    ],
    ["engine: rejected resumed sessions", /^`rejected` is not an imperative verb/],
    ["engine: rejecting resumed sessions", /^`rejecting` is not an imperative verb/],
    ["engine: rejects resumed sessions", /^`rejects` is not an imperative verb/],
    ["engine: reject resumed sessions.", /^subject ends with a full stop: remove it$/],
    [`engine: reject ${"x".repeat(58)}`, /^subject has 73 characters: write at most 72$/],
  ] as const)
    it(`rejects "${subject}"`, () => {
      const found = violations(commit(subject));
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", violation);
    });

  it("rejects words of the word list in subjects of newer commits", () => {
    const word = ["wis", "hed"].join("");
    const subject = `engine: use ${word} sessions`;
    assert.deepEqual(violations(commit(subject)), []);
    assert.deepEqual(violations(commit(subject, { checksWords: true })), [
      `"${word}": write "desired", or "want" for a user`,
    ]);
  });

  it("accepts names of code that contain such words", () => {
    for (const name of ["World", "FtpConfigRejected", "`leftovers`", "isForeign"])
      assert.deepEqual(violations(commit(`engine: rename ${name}`, { checksWords: true })), []);
  });

  it("requires a body when a commit changes more than 20 lines", () => {
    const subject = "engine: reject resumed sessions";
    assert.deepEqual(violations(commit(subject, { changedLines: 20 })), []);
    assert.match(
      violations(commit(subject, { changedLines: 21 }))[0] ?? "",
      /^no body for 21 changed lines: add/,
    );
    assert.deepEqual(
      violations(commit(subject, { changedLines: 21, body: "A removed CA is not trusted." })),
      [],
    );
  });
});

describe("the selection of commits to check", () => {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.test", "-c", "commit.gpgsign=false"];
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync("git", [...identity, ...args], { cwd, encoding: "utf8", stdio: "pipe" }).trim();
  const add = (cwd: string, subject: string, lines = 1, flags: string[] = []): void => {
    writeFileSync(join(cwd, `${subject.replaceAll(/\W/g, "")}.txt`), "line\n".repeat(lines));
    git(cwd, "add", "-A");
    git(cwd, "commit", "-q", "-m", subject, ...flags);
  };
  /** Creates a repository with an old commit, a base commit, a branch with 30 lines, and a merge of the branch. */
  const repository = (folder: string): { cwd: string; base: string } => {
    const cwd = join(folder, "origin");
    git(folder, "init", "-q", "-b", "main", cwd);
    add(cwd, "An old one.");
    add(cwd, "Base.");
    const base = git(cwd, "rev-parse", "HEAD");
    git(cwd, "checkout", "-q", "-b", "topic");
    add(cwd, "engine: add lines", 30);
    add(cwd, "deps: bump it", 1, ["--author=b <dependabot[bot]@users.example>"]);
    git(cwd, "checkout", "-q", "main");
    add(cwd, "docs: add a line");
    git(cwd, "merge", "-q", "--no-ff", "-m", "Merge topic.", "topic");
    return { cwd, base };
  };
  const subjects = (commits: readonly Commit[]): string[] => commits.map(({ subject }) => subject).toSorted();

  it("contains the commits after the base, without merges and commits by bots", async () => {
    await inTemporaryFolder(async (folder) => {
      const { cwd, base } = repository(folder);
      const { commits, note } = commitsToCheck(cwd, base, "topic");
      assert.deepEqual(subjects(commits), ["docs: add a line", "engine: add lines"]);
      assert.deepEqual(subjects(commits.filter(({ checksWords }) => checksWords)), ["docs: add a line"]);
      assert.equal(commits.find(({ subject }) => subject.startsWith("engine"))?.changedLines, 30);
      assert.equal(note, undefined);
    });
  });

  it("contains the commits of a shallow clone that does not have the base", async () => {
    await inTemporaryFolder(async (folder) => {
      const { cwd, base } = repository(folder);
      const clone = join(folder, "clone");
      git(folder, "clone", "-q", "--depth", "2", `file://${cwd}`, clone);
      const { commits, note } = commitsToCheck(clone, base);
      assert.deepEqual(subjects(commits), ["docs: add a line"]);
      // In a shallow clone, Git reports the boundary commit as a commit that adds every file.
      assert.equal(commits[0]?.changedLines, undefined);
      assert.equal(note, "shallow clone: only the commits in this clone are checked");
    });
  });

  it("is empty, with a note, in another history and outside of a git checkout", async () => {
    await inTemporaryFolder(async (folder) => {
      const { cwd } = repository(folder);
      const other = commitsToCheck(cwd, "f".repeat(40));
      assert.deepEqual(other, { commits: [], note: "the history does not contain ffffffffff" });
      const empty = join(folder, "empty");
      git(folder, "init", "-q", empty);
      assert.deepEqual(commitsToCheck(empty), { commits: [], note: "not a git checkout with commits" });
    });
  });
});
