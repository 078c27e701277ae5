/**
 * Notes of a release, from the messages of the commits since the one before: `node scripts/release-notes.ts FROM [TO]`. A commit counts
 * for the part of the product that most of its files belong to; commits that touch tests alone are left out.
 */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";

/** Parts in the order in which they are shown; a file belongs to the first whose pattern it meets. */
const PARTS: readonly { title: string; files: RegExp }[] = [
  { title: "API", files: /^crds\// },
  { title: "Engine", files: /^src\/engine\// },
  { title: "Operator", files: /^src\/(?:operator|plan|kube)\// },
  { title: "Command line", files: /^src\/(?:cli|local|kubectl|check|main|kubectl-ftpsrv)/ },
  { title: "Chart", files: /^charts\// },
  { title: "Docs and examples", files: /^(?:docs|examples)\/|\.md$/ },
  { title: "Other", files: /^(?!test\/|\.ci\/)/ },
];

interface Commit {
  subject: string;
  files: string[];
}

const SEPARATOR = "\u0001";

/** Commits after `from` up to `to`, newest first. */
export function commitsBetween(from: string, to: string, cwd: string): Commit[] {
  const log = execFileSync("git", ["log", `--format=${SEPARATOR}%s`, "--name-only", `${from}..${to}`], {
    cwd,
    encoding: "utf8",
  });
  return log
    .split(SEPARATOR)
    .slice(1)
    .map((entry) => {
      const [subject = "", ...files] = entry.split("\n").filter((line) => line !== "");
      return { subject, files };
    });
}

/** The notes in Markdown. */
export function releaseNotes(commits: readonly Commit[]): string {
  const byPart = Map.groupBy(commits, partOf);
  return PARTS.flatMap(({ title }) => {
    const subjects = new Set(byPart.get(title)?.map(({ subject }) => subject));
    return subjects.size === 0 ? [] : [`## ${title}`, "", ...[...subjects].map((line) => `- ${line}`), ""];
  }).join("\n");
}

function partOf({ files }: Commit): string | undefined {
  const counts = PARTS.map(() => 0);
  for (const file of files) {
    const index = PARTS.findIndex((part) => part.files.test(file));
    if (index >= 0) counts[index] = (counts[index] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  return most === 0 ? undefined : PARTS[counts.indexOf(most)]?.title;
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [from, to = "HEAD"] = positionals;
  if (from === undefined) {
    process.stderr.write("say since when: node scripts/release-notes.ts FROM [TO]\n");
    process.exitCode = 2;
  } else process.stdout.write(releaseNotes(commitsBetween(from, to, process.cwd())));
}
