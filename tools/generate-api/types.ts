/**
 * Generates TypeScript types for objects from the API server. In these objects, fields with a default are always set.
 */
import type { Schema } from "../../src/api/schema.ts";
import { HANDED_ON } from "./crd.ts";

/** Fields whose types kubernetes.ts defines. */
const KNOWN: Readonly<Record<string, string>> = { conditions: "Condition[]" };

const HEADER = `// Generated from src/api/schema/ by \`npm run generate\`; do not edit.
/* eslint-disable max-lines -- data */
import type { Condition, KubeObject } from "./kubernetes.ts";
`;

/** Returns the source code of the types for a kind. */
export function generateTypes(kind: string, root: Schema): string {
  const declarations: Declarations = { spec: `${kind}Spec`, texts: [] };
  const { apiVersion, kind: _, metadata, ...own } = root.properties ?? {};
  if (apiVersion === undefined || metadata === undefined) throw new Error("not a Kubernetes object");
  declare(kind, { ...root, properties: own }, declarations, " extends KubeObject");
  return [HEADER, ...declarations.texts].join("\n");
}

/** Generated interfaces. Each interface precedes the interfaces that it uses. */
interface Declarations {
  /** Name of the type for the spec. Names of nested types omit this prefix. */
  spec: string;
  texts: string[];
}

function declare(name: string, schema: Schema, into: Declarations, heritage = ""): void {
  const position = into.texts.push("") - 1;
  const prefix = name === into.spec ? name.slice(0, -"Spec".length) : name;
  const fields = Object.entries(schema.properties ?? {}).filter(([, { renamed }]) => renamed === undefined);
  const members = fields.map(([field, property]) => {
    const optional = schema.required?.includes(field) || property.default !== undefined ? "" : "?";
    return `${comment(property)}${field}${optional}: ${typeOf(prefix + capitalize(field), field, property, into)};`;
  });
  into.texts[position] =
    `${comment(schema)}export interface ${name}${heritage} {\n${members.join("\n")}\n}\n`;
}

function typeOf(name: string, field: string, schema: Schema, into: Declarations): string {
  if (KNOWN[field] !== undefined) return KNOWN[field];
  if (HANDED_ON.has(field)) return schema.type === "array" ? "object[]" : "object";
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.items) return arrayOf(typeOf(singular(name), "", schema.items, into));
  if (schema.additionalProperties) {
    return `Record<string, ${typeOf(name, "", schema.additionalProperties, into)}>`;
  }
  if (schema.properties) {
    declare(name, schema, into);
    return name;
  }
  if (schema["x-kubernetes-int-or-string"]) return "string | number";
  return schema.type === "integer" ? "number" : "string";
}

function arrayOf(item: string): string {
  return item.includes("|") ? `(${item})[]` : `${item}[]`;
}

/** Returns the singular of a plural name. All plural names in the schema end in -s. */
function singular(name: string): string {
  return name.replace(/ies$/, "y").replace(/(?<!s)s$/, "");
}

function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function comment(schema: Schema): string {
  if (schema.description === undefined) return "";
  const lines = schema.description.trim().split("\n");
  return lines.length === 1
    ? `/** ${lines[0]} */\n`
    : `/**\n${lines.map((line) => ` * ${line}\n`).join("")} */\n`;
}
