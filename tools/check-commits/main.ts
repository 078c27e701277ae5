/**
 * Checks the messages of new commits against the convention in CONTRIBUTING.md: `node tools/check-commits/main.ts`. The
 * check works without remotes and in a shallow clone. The program skips merge commits and bot commits, because tools
 * write their messages.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { WordList } from "../words/rules.ts";

/** The convention applies only to commits after this commit. */
const BASE = "7a85fc4f3705b4ffc2672d0ea2d59744c2cad72a";
/** The word list applies only to the subjects of commits after this commit. */
const WORDS_BASE = "424711c53091f9a9202affcb6e205a64edb0d917";
const MAX_SUBJECT = 72;
/** Maximum number of changed lines in a commit whose message has no body. */
const TRIVIAL_LINES = 20;
const SUBJECT = /^[a-z0-9][a-z0-9./-]*(?:,[a-z0-9][a-z0-9./-]*)*: \S/;
/** Pull request number that a squash merge appends to the subject. */
const PULL_REQUEST = / \(#\d+\)$/;
const BOT = /\[bot\]@/;
/** Matches verbs whose imperative ends in -ed, -ing or -s, such as "embed", "bring" or "pass". */
const IMPERATIVE = /^(?:embed|shed|bring|ring|spring|string|swing|ping|focus|canvas|\w*eed|\w*ss)$/;
const OTHER_FORM = /(?:ed|ing|s)$/;

export interface Commit {
  hash: string;
  subject: string;
  body: string;
  /** Number of lines that the commit adds and removes. Undefined if the clone does not contain the parent commit. */
  changedLines?: number;
  /** Whether the word list applies to the commit. */
  checksWords?: boolean;
}

export interface Selection {
  commits: Commit[];
  /** The reason why the list of commits can be incomplete. */
  note?: string;
}

/** Returns one line for each violation in a commit message, with a correction. */
export function violations(commit: Commit): string[] {
  const subject = commit.subject.replace(PULL_REQUEST, "");
  const found: string[] = [];
  if (SUBJECT.test(subject)) found.push(...firstWordViolations(subject));
  else
    found.push("no area: write `area: imperative subject`, the area in lower case, for example `engine: …`");
  if (subject.length > MAX_SUBJECT)
    found.push(`subject has ${subject.length} characters: write at most ${MAX_SUBJECT}`);
  if (subject.endsWith(".")) found.push("subject ends with a full stop: remove it");
  if (commit.body === "" && (commit.changedLines ?? 0) > TRIVIAL_LINES)
    found.push(
      `no body for ${commit.changedLines} changed lines: add a paragraph that says why (needed above ${TRIVIAL_LINES} lines)`,
    );
  if (commit.checksWords) found.push(...wordViolations(subject));
  return found;
}

/**
 * Words with a capital letter or in backticks are not checked, because they can be names in the code that a commit
 * renames or removes.
 */
function wordViolations(subject: string): string[] {
  const list = new WordList(readFileSync(join(import.meta.dirname, "../words/never.yaml"), "utf8"));
  const words = subject.replaceAll(/`[^`]*`|\b[a-z]*[A-Z]\w*/g, (name) => "\0".repeat(name.length));
  return list.violations("", words).map(({ word, write }) => `"${word}": write ${write}`);
}

function firstWordViolations(subject: string): string[] {
  const [word = ""] = subject.slice(subject.indexOf(": ") + 2).split(/[\s,;]/);
  if (/^\p{Lu}/u.test(word))
    return [`subject starts with \`${word}\`: write an imperative verb in lower case, such as \`add\``];
  if (OTHER_FORM.test(word) && !IMPERATIVE.test(word))
    return [`\`${word}\` is not an imperative verb: write \`add\`, not \`added\`, \`adding\` or \`adds\``];
  return [];
}

/** Returns the commits after `base`, newest first. Returns all commits when a shallow clone does not contain `base`. */
export function commitsToCheck(cwd: string, base = BASE, wordsBase = WORDS_BASE): Selection {
  if (tryGit(cwd, "rev-parse", "--verify", "--quiet", "HEAD") === undefined)
    return { commits: [], note: "not a git checkout with commits" };
  const reached = tryGit(cwd, "cat-file", "-e", `${base}^{commit}`) !== undefined;
  const boundary = shallowBoundary(cwd);
  if (!reached && boundary.size === 0)
    return { commits: [], note: `the history does not contain ${base.slice(0, 10)}` };
  const commits = log(cwd, reached ? `${base}..HEAD` : "HEAD");
  for (const commit of commits) if (boundary.has(commit.hash)) delete commit.changedLines;
  markForWords(cwd, commits, wordsBase);
  return { commits, ...(!reached && { note: "shallow clone: only the commits in this clone are checked" }) };
}

function markForWords(cwd: string, commits: readonly Commit[], base: string): void {
  const newer = tryGit(cwd, "rev-list", `${base}..HEAD`)?.split("\n") ?? [];
  for (const commit of commits) commit.checksWords = newer.includes(commit.hash);
}

function log(cwd: string, range: string): Commit[] {
  const format = "--format=%x01%H%x00%ae%x00%s%x00%b%x00";
  const output = git(cwd, "log", "--no-merges", "-M", "--numstat", format, range);
  return output
    .split("\u0001")
    .slice(1)
    .flatMap((entry) => {
      const [hash = "", email = "", subject = "", body = "", numstat = ""] = entry.split("\0");
      if (BOT.test(email)) return [];
      return [{ hash, subject, body: body.trim(), changedLines: changedLines(numstat) }];
    });
}

/** Returns the number of changed lines outside lock files. */
function changedLines(numstat: string): number {
  const rows = [...numstat.matchAll(/^(\d+)\t(\d+)\t(.*)$/gm)];
  const counted = rows.filter(([, , , file = ""]) => !/(?:package-lock\.json|go\.sum)$/.test(file));
  return counted.reduce((sum, [, added, removed]) => sum + Number(added) + Number(removed), 0);
}

/** Returns the commits whose parents are not in the clone. */
function shallowBoundary(cwd: string): Set<string> {
  const file = resolve(cwd, git(cwd, "rev-parse", "--git-path", "shallow").trim());
  return new Set(existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []);
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function tryGit(cwd: string, ...args: string[]): string | undefined {
  try {
    return git(cwd, ...args);
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const { commits, note } = commitsToCheck(process.cwd());
  if (note !== undefined) process.stdout.write(`commit messages: ${note}\n`);
  const wrong = commits.flatMap((commit) =>
    violations(commit).map(
      (violation) => `error: commit ${commit.hash.slice(0, 10)} "${commit.subject}": ${violation}\n`,
    ),
  );
  if (wrong.length > 0) {
    process.stderr.write(wrong.join(""));
    process.stderr.write(
      "Change the message with `git commit --amend` or `git rebase -i`; see CONTRIBUTING.md, Commit messages.\n",
    );
    process.exitCode = 1;
  }
}
