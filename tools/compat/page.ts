/**
 * Generates docs/reference/compatibility.md from the probe outcomes on both servers, and from the reasons for their
 * differences.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROBES, VERBS } from "./probes.ts";
import { type Difference, isRejected, REASONS } from "./reasons.ts";

export const PAGE = join(import.meta.dirname, "../../docs/reference/compatibility.md");
export const MEASURED = join(import.meta.dirname, "vsftpd.json");

/** Outcomes of all probes on vsftpd, keyed by probe name. `make compat` measures them. */
export interface Measured {
  version: string;
  outcomes: Readonly<Record<string, string>>;
}

/** Maximum number of examples in a table row. */
const EXAMPLES = 6;

export function readMeasured(): Measured {
  const measured: Measured = JSON.parse(readFileSync(MEASURED, "utf8"));
  return measured;
}

/** Returns the differences between the two servers. */
export function differences(theirs: Measured, ours: ReadonlyMap<string, string>): Difference[] {
  return [...PROBES].flatMap(([lines, { verb }]) => {
    const [their, our] = [theirs.outcomes[lines] ?? "not measured", ours.get(lines) ?? ""];
    return their === our ? [] : [{ lines, verb, theirs: their, ours: our }];
  });
}

/** Returns the page. @throws Error if a difference has no reason, or if a reason explains no difference */
export function compatibilityPage(theirs: Measured, ours: ReadonlyMap<string, string>): string {
  const all = differences(theirs, ours);
  const byReason = Map.groupBy(all, (difference) => REASONS.find(({ covers }) => covers(difference)));
  const unexplained = byReason.get(undefined)?.map(({ lines, theirs: a, ours: b }) => `${lines}: ${a}, ${b}`);
  if (unexplained !== undefined) throw new Error(`no reason for: ${unexplained.join("; ")}`);
  const different = new Set(
    all
      .filter(({ theirs: their, ours: our }) => !(isRejected(their) && isRejected(our)))
      .map(({ verb }) => verb.toUpperCase()),
  );
  return [
    "# Compatibility with vsftpd",
    "",
    `This page compares the replies from the engine with the replies from vsftpd. Do not edit this page: \`make compat\` measures both servers and writes this page. \`npm run generate\` writes the page from the last measurement. The comparison sends ${PROBES.size} command lines to ${theirs.version} and to the engine. It sends each command from the`,
    "[command table](commands.md) in several forms: without an argument, with a typical argument, in lower case, with extra spaces, in quotation marks,",
    "with an option, with an extra word and with 300 characters. The comparison also includes command sequences with transfers. The engine accepts harmless input that vsftpd accepts.",
    `${PROBES.size - all.length} lines have the same outcome on both servers. The table lists the other lines and the reasons for the behavior of the engine:`,
    "",
    "| difference | lines | vsftpd | engine | reason |",
    "|---|---|---|---|---|",
    ...REASONS.map((reason) => row(reason, byReason.get(reason) ?? [])),
    "",
    `Commands without differences, or with differences only in rejection codes: ${VERBS.filter((verb) => !different.has(verb)).join(", ")}.`,
    "",
  ].join("\n");
}

function row({ title, why }: (typeof REASONS)[number], all: readonly Difference[]): string {
  const [first] = all;
  if (first === undefined) throw new Error(`the reason "${title}" explains no difference`);
  const examples = oneOfEachVerb(all).slice(0, EXAMPLES);
  const more = all.length - examples.length;
  const shown = examples.map(({ lines }) => code(lines)).join("<br>");
  const rest = more > 0 ? `<br>and ${more} more` : "";
  const outcomes = (which: "theirs" | "ours"): string =>
    examples.map((difference) => difference[which]).join("<br>");
  return `| ${title} | ${shown}${rest} | ${outcomes("theirs")} | ${outcomes("ours")} | ${why} |`;
}

/** Moves one difference for each verb to the front of the list, so that the examples show as many verbs as possible. */
function oneOfEachVerb(all: readonly Difference[]): Difference[] {
  const groups = [...Map.groupBy(all, ({ verb }) => verb.toUpperCase()).values()];
  const firsts = groups.flatMap(([first]) => first ?? []);
  return [...firsts, ...all.filter((difference) => !firsts.includes(difference))];
}

/** Returns a code span for a table cell. Shows a trailing space as a visible character. */
function code(lines: string): string {
  const text = lines === "" ? "(empty line)" : lines.replaceAll("|", "\\|").replace(/ $/u, "␠");
  return `\`${text}\``;
}
