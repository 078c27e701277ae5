/**
 * Generates the reference page for a kind. The page contains a table for each object, and a table of validation
 * messages.
 */
import type { Rule, Schema } from "../../src/api/schema.ts";
import { HANDED_ON, schemaOf } from "./crd.ts";
import type { Crd } from "./crd.ts";

/** Returns the page. */
export function generateReference(crd: Crd): string {
  const { group, names, versions } = crd.spec;
  const root = schemaOf(crd);
  const sections = ["spec", "status"].flatMap((name) => {
    const schema = root.properties?.[name];
    return schema ? objects(schema, name) : [];
  });
  return `<!-- Generated from src/api/schema/ by \`npm run generate\`; do not edit. -->

# ${names.kind}

${root.description ?? ""}

An object of this kind has \`apiVersion: ${group}/${versions[0]?.name}\` and \`kind: ${names.kind}\`. \`kubectl get ${names.shortNames[0]}\` lists these objects.
\`kubectl explain ${names.plural}.spec\` shows the same descriptions as this page.

${sections.map(section).join("\n")}
## Validation

The API server rejects unknown fields, values outside the limits above, and list items with the same name. The API server also rejects
objects that violate one of the following rules. The error contains the message:

| Field | Message |
|---|---|
${ruleRows(root).join("\n")}
`;
}

interface ObjectSchema {
  path: string;
  schema: Schema;
}

/** Returns an object and all nested objects in schema order, including objects in lists and maps. */
function objects(schema: Schema, path: string): ObjectSchema[] {
  if (schema.items) return objects(schema.items, `${path}[]`);
  if (!schema.properties) return [];
  const below = Object.entries(schema.properties).filter(([name]) => !HANDED_ON.has(name));
  return [{ path, schema }, ...below.flatMap(([name, property]) => objects(property, `${path}.${name}`))];
}

function section({ path, schema }: ObjectSchema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    row(name, property, schema.required?.includes(name) ?? false, path),
  );
  return `## ${path}

${schema.description ?? ""}

| Field | Type | Default | Limits | Description |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

function row(name: string, schema: Schema, required: boolean, path: string): string {
  const [target] = HANDED_ON.has(name) ? [] : objects(schema, `${path}.${name}`);
  const field = target === undefined ? `\`${name}\`` : `[\`${name}\`](#${anchor(target.path)})`;
  const preset = required ? "required" : defaultOf(schema);
  return `| ${field} | ${typeOf(schema)} | ${preset} | ${limits(schema)} | ${cell(schema.description ?? "")} |`;
}

/** Returns the anchor that Markdown renderers create for a heading. */
function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^a-z0-9 -]/g, "");
}

function typeOf(schema: Schema): string {
  if (schema["x-kubernetes-int-or-string"]) return "quantity";
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (schema.additionalProperties) return `map of ${typeOf(schema.additionalProperties)}`;
  return schema.type ?? "";
}

/** The page shows the default of an object only if the members of the object have no defaults. */
function defaultOf({ default: preset, properties = {} }: Schema): string {
  if (preset === undefined || Object.values(properties).some((member) => member.default !== undefined))
    return "";
  return isEmpty(preset) ? "" : code(JSON.stringify(preset));
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function limits(schema: Schema): string {
  const {
    enum: values = schema.items?.enum,
    minimum,
    maximum,
    minItems,
    maxItems,
    maxLength,
    maxProperties,
  } = schema;
  const parts: string[] = [];
  if (values) parts.push(values.map(code).join(", "));
  if (minimum !== undefined && maximum !== undefined) parts.push(`${minimum} to ${maximum}`);
  if (maxLength !== undefined) parts.push(`${maxLength} characters`);
  if (minItems !== undefined) parts.push(`at least ${minItems}`);
  if (maxItems !== undefined) parts.push(`at most ${maxItems}`);
  if (maxProperties !== undefined) parts.push(`at most ${maxProperties}`);
  return parts.join("; ");
}

/** Returns a table row for each message. The row lists all fields that produce the message. */
function ruleRows(root: Schema): string[] {
  const byMessage = Map.groupBy(rejections(root, ""), ({ message }) => message);
  return [...byMessage].map(
    ([message, found]) =>
      `| ${found.map(({ at }) => code(at)).join(", ")} | ${cell(message).replaceAll(" _ ", " \\_ ")} |`,
  );
}

interface Rejection {
  at: string;
  message: string;
}

function rejections(schema: Schema, path: string): Rejection[] {
  const own = (schema.rules ?? []).map(({ fieldPath = "", message }: Rule) => ({
    at: `${path}${fieldPath}` || "metadata.name",
    message,
  }));
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    rejections(property, path === "" ? name : `${path}.${name}`),
  );
  const items = schema.items ? rejections(schema.items, `${path}[]`) : [];
  const members = schema.additionalProperties ? rejections(schema.additionalProperties, `${path}.*`) : [];
  return [...own, ...below, ...items, ...members];
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.trim().replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll("\n", " ");
}
