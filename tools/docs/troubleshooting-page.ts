/**
 * Generates the tables of reasons in docs/operations/troubleshooting.md from the catalog in
 * src/plan/conditions/reasons.ts. A table is between `<!-- reasons: NAME -->` and `<!-- /reasons -->`. To update the
 * page, run `node tools/docs/troubleshooting-page.ts --write`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { USER_REASONS } from "../../src/plan/conditions/reasons/accounts.ts";
import { COMMON_REASONS, EVENT_REASONS, SERVER_REASONS } from "../../src/plan/conditions/reasons.ts";

export const PAGE = join(import.meta.dirname, "../../docs/operations/troubleshooting.md");

interface Row {
  condition?: string;
  reason: string;
  status?: string;
  meaning: string;
  remedy?: string;
}

type Entries = Readonly<Record<string, Omit<Row, "condition" | "reason">>>;

const SUMMARY_CONDITIONS: readonly string[] = ["Ready", "Reconciling", "Stalled"];

/** Table rows, keyed by table name. */
const TABLES: Readonly<Record<string, readonly Row[]>> = {
  ...Object.fromEntries(
    Object.entries<Entries>(SERVER_REASONS)
      .filter(([condition]) => !SUMMARY_CONDITIONS.includes(condition))
      .map(([condition, entries]) => [condition, rowsOf(entries)]),
  ),
  Summary: [
    ...SUMMARY_CONDITIONS.flatMap((condition) => rowsOf(entriesOf(SERVER_REASONS, condition), condition)),
    ...rowsOf(COMMON_REASONS, "all"),
  ],
  FtpUser: Object.entries<Entries>(USER_REASONS).flatMap(([condition, entries]) =>
    rowsOf(entries, condition),
  ),
  Events: rowsOf(EVENT_REASONS),
};

function entriesOf(catalog: Readonly<Record<string, Entries>>, condition: string): Entries {
  return catalog[condition] ?? {};
}

function rowsOf(entries: Entries, condition?: string): Row[] {
  return Object.entries(entries).map(([reason, entry]) => ({
    ...(condition === undefined ? {} : { condition }),
    reason,
    ...entry,
  }));
}

function table(rows: readonly Row[]): string[] {
  const columns = [
    ...(rows.some(({ condition }) => condition !== undefined) ? (["condition"] as const) : []),
    "reason" as const,
    ...(rows.some(({ status }) => status !== undefined) ? (["status"] as const) : []),
    "meaning" as const,
    ...(rows.some(({ remedy }) => remedy !== undefined) ? (["remedy"] as const) : []),
  ];
  return [
    `| ${columns.map((column) => TITLES[column]).join(" | ")} |`,
    `|${columns.map(() => "---|").join("")}`,
    ...rows.map((row) => `| ${columns.map((column) => cell(row, column)).join(" | ")} |`),
  ];
}

const TITLES = {
  condition: "Condition",
  reason: "Reason",
  status: "Status",
  meaning: "Meaning",
  remedy: "What to do",
} as const;

function cell(row: Row, column: keyof Row): string {
  const text = row[column];
  if (text === undefined) return column === "remedy" ? "None." : "";
  if (column === "condition") return text === "all" ? "all" : `\`${text}\``;
  return column === "reason" ? `\`${text}\`` : text;
}

const BLOCK = /(<!-- reasons: (\w+) -->\n).*?(<!-- \/reasons -->)/gs;

/** Returns the page with updated tables. @throws when a table is missing, unknown or repeated */
export function troubleshootingPage(page: string): string {
  const names = [...page.matchAll(BLOCK)].map(([, , name = ""]) => name);
  const [expected, found] = [Object.keys(TABLES).toSorted(), names.toSorted()];
  if (expected.join() !== found.join())
    throw new Error(
      `${PAGE} must contain each of these tables once: ${expected.join(", ")}; found: ${found.join(", ")}`,
    );
  return page.replaceAll(
    BLOCK,
    (_, begin: string, name: string, end: string) =>
      `${begin}\n${table(TABLES[name] ?? []).join("\n")}\n\n${end}`,
  );
}

if (process.argv.includes("--write")) writeFileSync(PAGE, troubleshootingPage(readFileSync(PAGE, "utf8")));
