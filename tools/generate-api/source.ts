/**
 * Builds the CRDs from src/api/schema/. Several fields can use one shared schema.
 *
 * The source files have three members that are not part of CRDs: `use` inserts a shared schema, `rules` lists CEL rules
 * with IDs, and `renamed` is the new path of a field from an earlier draft.
 */
import { dump, load } from "js-yaml";
import type { Rule, Schema } from "../../src/api/schema.ts";
import { isRecord } from "../../src/common/json.ts";
import { type Crd, parseCrd } from "./crd.ts";

/** Shared schemas in the source format, keyed by name. */
export type Definitions = Readonly<Record<string, unknown>>;

/** Parses the shared schemas in a source file. @throws Error when the file is not a YAML mapping */
export function parseDefinitions(yaml: string): Definitions {
  const document = load(yaml);
  if (!isRecord(document)) throw new Error("shared schemas must be a mapping from name to schema");
  return document;
}

/** Returns the CRD in a source file, after the insertion of shared schemas. The rules in the result have IDs. */
export function expandCrd(yaml: string, definitions: Definitions): Crd {
  const crd = parseCrd(yaml);
  for (const { schema } of crd.spec.versions)
    schema.openAPIV3Schema = expand(schema.openAPIV3Schema, "", definitions);
  return crd;
}

interface Source extends Schema {
  use?: string;
}

function expand(source: Source, path: string, definitions: Definitions): Schema {
  const { use, ...own } = source;
  const shared = use === undefined ? {} : expand(definition(use, path, definitions), path, definitions);
  const below = (part: Schema, name: string): Schema => expand(part, `${path}${name}`, definitions);
  const { properties, items, additionalProperties, rules = [] } = own;
  const merged: Schema = {
    ...shared,
    ...own,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, member]) => [
          name,
          below(member, path === "" ? name : `.${name}`),
        ]),
      ),
    }),
    ...(items && { items: below(items, "[]") }),
    ...(additionalProperties && { additionalProperties: below(additionalProperties, ".*") }),
  };
  const allRules = [...(shared.rules ?? []), ...rules];
  if (allRules.length > 0) merged.rules = allRules;
  return merged.renamed === undefined ? withDefaultSentence(merged) : renamedField(merged, path);
}

function definition(name: string, path: string, definitions: Definitions): Source {
  const found = definitions[name];
  if (!isRecord(found)) throw new Error(`${path}: no such shared schema: ${name}`);
  return found;
}

/** Adds the default value to the description, because `kubectl explain` does not show defaults. */
function withDefaultSentence(schema: Schema): Schema {
  const { description, default: preset } = schema;
  if (description === undefined || !["string", "number"].includes(typeof preset)) return schema;
  const sentence = `Defaults to ${JSON.stringify(preset)}.`.replaceAll('"', "`");
  return description.endsWith(sentence) ? schema : { ...schema, description: `${description} ${sentence}` };
}

/**
 * Returns the schema for the old name of a renamed field, with a validation rule that rejects this field. Without this
 * schema, the API server would remove the field as unknown before it evaluates rules.
 */
function renamedField({ renamed = "", type = "string" }: Schema, path: string): Schema {
  return {
    description: `Renamed to \`${renamed}\`. Rejected.`,
    type,
    renamed,
    ...(type === "object" ? { "x-kubernetes-preserve-unknown-fields": true } : { maxLength: 253 }),
    rules: [
      {
        id: "renamed-field",
        reason: "FieldValueForbidden",
        rule: "false",
        message: `${path} is now ${renamed}`,
      },
    ],
  };
}

/** Returns the content of a file in crds/. */
export function crdYaml(crd: Crd, source: string): string {
  const versions = crd.spec.versions.map((version) => ({
    ...version,
    schema: { openAPIV3Schema: published(version.schema.openAPIV3Schema) },
  }));
  const document = { ...crd, spec: { ...crd.spec, versions } };
  return `# Generated from ${source} by \`npm run generate\`; do not edit.\n${dump(document, { noRefs: true, lineWidth: LINE_WIDTH })}`;
}

const LINE_WIDTH = 140;

/** Returns a copy of the schema without the source members that are not part of CRDs. */
function published(schema: Schema): object {
  const { rules, renamed: _, properties, items, additionalProperties, ...rest } = schema;
  return {
    ...rest,
    ...(rules && { "x-kubernetes-validations": rules.map(publishedRule) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, published(property)]),
      ),
    }),
    ...(items && { items: published(items) }),
    ...(additionalProperties && { additionalProperties: published(additionalProperties) }),
  };
}

function publishedRule(rule: Rule): object {
  return Object.fromEntries(Object.entries(rule).filter(([member]) => member !== "id"));
}
