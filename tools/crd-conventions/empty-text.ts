import type { Schema } from "../../src/api/schema.ts";

/** Functions of CEL that are false for an empty string. */
const REJECTS_EMPTY = /^(?:isCIDR|isIP)\(self\)/;
const MATCHES = /^self\.matches\('([^']*)'\)$/;

/** Whether an empty string meets a string schema and its rules, as far as their form is known. */
export function acceptsEmptyText({
  minLength = 0,
  enum: values,
  pattern,
  format,
  rules = [],
}: Schema): boolean {
  if (minLength > 0 || format === "date-time") return false;
  if (values) return values.includes("");
  if (pattern !== undefined && !new RegExp(pattern, "u").test("")) return false;
  return !rules.some(({ rule }) => REJECTS_EMPTY.test(rule) || patternRejectsEmpty(rule));
}

function patternRejectsEmpty(rule: string): boolean {
  const pattern = MATCHES.exec(rule)?.[1];
  return pattern !== undefined && !new RegExp(pattern.replaceAll("\\\\", "\\"), "u").test("");
}
