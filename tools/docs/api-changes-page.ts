/**
 * Generates docs/reference/api-changes.md from the table of changes since the first draft: `node
 * tools/docs/api-changes-page.ts --write`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FIRST_DRAFT_CHANGES, type FirstDraftChange } from "../../src/api/first-draft.ts";
import { KINDS, newFields, OTHER_CHANGES, ROOT } from "./api-changes.ts";

export const PAGE = join(ROOT, "docs/reference/api-changes.md");

export function apiChangesPage(): string {
  return `<!-- Generated from src/api/first-draft.ts and the CRDs by \`npm run generate\`; do not edit. -->

# Changes since the first draft of the API

The first draft of \`v1alpha1\` was never published. This page describes how to update manifests that use the first draft. The [API policy](api-policy.md) applies to all later changes.

\`kubectl apply\` and \`ftp-operator render\` reject the old fields and report the new field names. This command rewrites manifests and keeps comments:

\`\`\`sh
ftp-operator convert -f old.yaml > new.yaml
\`\`\`

The option \`--write\` rewrites the files in place. To check the result without a cluster, run \`ftp-operator render -f new.yaml\`.

## Renamed fields and changed values

\`ftp-operator convert\` makes all changes in this table.

${table(["Kind", "First draft", "Now", "Reason"], FIRST_DRAFT_CHANGES.map(changeRow))}

## Other changes of existing fields

${table(
  ["Fields", "Change", "Reason"],
  OTHER_CHANGES.map(({ fields, change, reason }) => [fields.map(code).join(", "), change, reason]),
)}

## New fields

${table(
  ["Kind", "Field", "Description"],
  KINDS.flatMap((kind) => newFields(kind).map(({ path, description }) => [kind, code(path), description])),
)}
`;
}

function changeRow({ kind, path, now, values, reason }: FirstDraftChange): string[] {
  if (values === undefined)
    return [kind, code(path), path === now ? `${code(now)}, an object` : code(now), reason];
  const pairs = Object.entries(values);
  return [
    kind,
    `${code(path)}: ${pairs.map(([old]) => code(old)).join(", ")}`,
    `${code(now)}: ${pairs.map(([, value]) => code(String(value))).join(", ")}`,
    reason,
  ];
}

function code(text: string): string {
  return text.includes(" ") ? text : `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

if (process.argv.includes("--write")) writeFileSync(PAGE, apiChangesPage());
