/**
 * Generates the values table of a Helm chart from values.yaml. A comment documents the value that follows the comment,
 * including nested values.
 */
import { load } from "js-yaml";

/** One documented value. */
export interface ChartValue {
  /** Path with dots as separators, for example `operator.replicas`. */
  path: string;
  default: unknown;
  description: string;
}

const INDENT = 2;

function at(root: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    root,
  );
}

/** Returns the documented values in the order of the file. */
export function chartValues(text: string): ChartValue[] {
  const defaults = load(text);
  const values: ChartValue[] = [];
  let comment: string[] = [];
  let path: string[] = [];
  let documentedDepth = Number.POSITIVE_INFINITY;
  for (const line of text.split("\n")) {
    const remark = /^\s*# ?(.*)$/.exec(line);
    if (remark) {
      comment.push(remark[1] ?? "");
      continue;
    }
    const [, indent, key] = /^( *)([A-Za-z]\w*):/.exec(line) ?? [];
    if (indent !== undefined && key !== undefined) {
      const depth = indent.length / INDENT;
      path = [...path.slice(0, depth), key];
      if (depth <= documentedDepth) documentedDepth = Number.POSITIVE_INFINITY;
      if (comment.length > 0 && depth < documentedDepth) {
        values.push({ path: path.join("."), default: at(defaults, path), description: comment.join(" ") });
        documentedDepth = depth;
      }
    }
    comment = [];
  }
  return values;
}

const BEGIN = "<!-- values: generated from values.yaml -->";
const END = "<!-- end of values -->";

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function row(value: ChartValue): string {
  return `| \`${value.path}\` | \`${cell(JSON.stringify(value.default))}\` | ${cell(value.description)} |`;
}

/** Inserts the table between the two markers in a README. @throws Error when a marker is missing */
export function withValuesTable(readme: string, values: ChartValue[]): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin)
    throw new Error(`the README does not contain the markers "${BEGIN}" and "${END}"`);
  const table = ["| Value | Default | Meaning |", "|---|---|---|", ...values.map(row)].join("\n");
  return `${readme.slice(0, begin)}${BEGIN}\n${table}\n${readme.slice(end)}`;
}
