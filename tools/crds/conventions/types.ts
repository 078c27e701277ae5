/** Conventions for types, bounds and merging. */
import type { Schema } from "../../../src/api/schema.ts";
import type { Convention } from "./convention.ts";

/** CEL functions that return false for an empty string. */
const REJECTS_EMPTY = /^(?:isCIDR|isIP)\(self\)/;
const MATCHES = /^self\.matches\('([^']*)'\)$/;
const MAX_INT32 = 2 ** 31 - 1;
/** Schema keywords, and the types to which they apply. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  minimum: ["integer", "int-or-string"],
  maximum: ["integer", "int-or-string"],
  minLength: ["string", "int-or-string"],
  maxLength: ["string", "int-or-string"],
  pattern: ["string", "int-or-string"],
  enum: ["string"],
  minItems: ["array"],
  maxItems: ["array"],
  "x-kubernetes-list-type": ["array"],
  "x-kubernetes-list-map-keys": ["array"],
  maxProperties: ["object"],
  required: ["object"],
  "x-kubernetes-map-type": ["object"],
};

export const TYPE_CONVENTIONS: readonly Convention[] = [
  {
    id: "no-booleans",
    linters: ["nobools"],
    check: ({ schema }) => (typeOf(schema) === "boolean" ? "use an enum of two values" : undefined),
    broken: ofType("boolean"),
  },
  {
    id: "no-floats",
    linters: ["nofloats"],
    check: ({ schema }) => (typeOf(schema) === "number" ? "use an integer or a quantity" : undefined),
    broken: ofType("number"),
  },
  {
    id: "known-type",
    linters: [],
    check: ({ schema }) =>
      ["boolean", "number", "object", "array", "string", "integer", "int-or-string"].includes(typeOf(schema))
        ? undefined
        : "has no type",
    broken: {},
  },
  {
    id: "integer-bounds",
    linters: ["integers"],
    check: ({ schema, name }) => (typeOf(schema) === "integer" ? integerViolation(schema, name) : undefined),
    broken: { type: "integer", format: "uint32", minimum: 0, maximum: 1 },
  },
  {
    id: "maximum-length",
    linters: ["maxlength"],
    check: ({ schema }) => unbounded(schema),
    broken: { type: "string" },
  },
  {
    id: "minimum-length",
    linters: ["minlength"],
    check: ({ schema }) =>
      typeOf(schema) === "string" && acceptsEmptyText(schema)
        ? "accepts an empty string; add minLength: 1"
        : undefined,
    broken: { type: "string", maxLength: 10 },
  },
  {
    id: "minimum-items",
    linters: ["minlength"],
    check: ({ schema }) =>
      schema.type === "array" && schema.minItems === undefined && schema.default === undefined
        ? "an empty list and an unset list differ; add minItems: 1 or a default"
        : undefined,
    broken: { type: "array", maxItems: 1 },
  },
  {
    id: "no-nullable",
    linters: ["nonullable"],
    check: ({ schema }) => ("nullable" in schema ? "remove nullable" : undefined),
    broken: JSON.parse('{"nullable":true}'),
  },
  {
    id: "list-merge",
    linters: ["ssatags"],
    check: ({ schema }) => (schema.type === "array" ? listViolation(schema) : undefined),
    broken: { type: "array", items: { type: "object" }, "x-kubernetes-list-type": "set" },
  },
  {
    id: "list-item-required-field",
    linters: ["arrayofstruct"],
    check: ({ schema, path }) =>
      path.endsWith("[]") && schema.type === "object" && (schema.required ?? []).length === 0
        ? "items of a list of objects require at least one field"
        : undefined,
    broken: { type: "array", items: { type: "object" } },
  },
  {
    id: "maps-of-text",
    linters: ["nomaps"],
    check: ({ schema }) =>
      schema.additionalProperties && schema.additionalProperties.type !== "string"
        ? "use a list of objects with names; only labels and annotations are maps"
        : undefined,
    broken: { type: "object", additionalProperties: { type: "object" } },
  },
  {
    id: "no-unknown-fields",
    linters: [],
    check: ({ schema }) =>
      schema.type === "object" && !schema.properties && !schema.additionalProperties
        ? "declare the fields of this object"
        : undefined,
    broken: { type: "object" },
  },
  {
    id: "keyword-type",
    linters: ["markerscope", "conflictingmarkers"],
    check: ({ schema }) => {
      const wrong = Object.entries(KEYWORDS).find(
        ([keyword, types]) => keyword in schema && !types.includes(typeOf(schema)),
      );
      return wrong && `${wrong[0]} has no effect on the type ${typeOf(schema)}`;
    },
    broken: { type: "integer", maxLength: 1 },
  },
];

/** Returns a schema with a type that {@link Schema} does not include. */
function ofType(type: string): Schema {
  return JSON.parse(JSON.stringify({ type }));
}

function typeOf(schema: Schema): string {
  return schema["x-kubernetes-int-or-string"] === true ? "int-or-string" : (schema.type ?? "");
}

/** Returns a description of the violation. Only generation numbers can require more than 32 bits. */
function integerViolation({ format, minimum, maximum }: Schema, name: string): string | undefined {
  if (name === "observedGeneration")
    return format === "int64" && minimum === 0 ? undefined : "use format: int64 and minimum: 0";
  if (format !== "int32") return "use format: int32";
  return minimum === undefined || maximum === undefined || maximum > MAX_INT32
    ? "add minimum and maximum within 32 bits"
    : undefined;
}

function unbounded(schema: Schema): string | undefined {
  const { maxLength, maxItems, maxProperties, additionalProperties } = schema;
  const type = typeOf(schema);
  if ((type === "string" || type === "int-or-string") && maxLength === undefined && schema.enum === undefined)
    return "add maxLength or enum";
  if (type === "array" && maxItems === undefined) return "add maxItems";
  return additionalProperties && maxProperties === undefined ? "add maxProperties" : undefined;
}

function listViolation({ items, ...list }: Schema): string | undefined {
  const type = list["x-kubernetes-list-type"];
  const keys = list["x-kubernetes-list-map-keys"] ?? [];
  if (type === undefined) return "add x-kubernetes-list-type";
  if (type === "set") return items?.type === "object" ? "a list of objects cannot be a set" : undefined;
  if (type === "atomic") return undefined;
  if (items?.type !== "object") return "only lists of objects can be maps";
  if (keys.length === 0) return "add x-kubernetes-list-map-keys";
  const optional = keys.find((key) => items.required?.includes(key) !== true);
  return optional && `require the key ${optional} in items`;
}

/** Returns whether a string schema accepts an empty string. Recognizes only rules in a known form. */
function acceptsEmptyText({ minLength = 0, enum: values, pattern, format, rules = [] }: Schema): boolean {
  if (minLength > 0 || format === "date-time") return false;
  if (values) return values.includes("");
  if (pattern !== undefined && !new RegExp(pattern, "u").test("")) return false;
  return !rules.some(({ rule }) => REJECTS_EMPTY.test(rule) || patternRejectsEmpty(rule));
}

function patternRejectsEmpty(rule: string): boolean {
  const pattern = MATCHES.exec(rule)?.[1];
  return pattern !== undefined && !new RegExp(pattern.replaceAll("\\\\", "\\"), "u").test("");
}
