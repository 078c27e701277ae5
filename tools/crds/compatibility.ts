/**
 * Finds incompatible changes between two releases of the CRDs. The page docs/reference/api-policy.md lists the changes
 * that each API version permits.
 */
import { isDeepStrictEqual } from "node:util";
import type { Schema } from "../../src/api/schema.ts";

/** The parts of a CustomResourceDefinition that affect clients. */
export interface Crd {
  metadata: { name: string };
  spec: {
    scope: string;
    names: { kind: string; plural: string; shortNames?: string[] };
    versions: CrdVersion[];
  };
}

interface CrdVersion {
  name: string;
  served: boolean;
  subresources?: Record<string, unknown>;
  selectableFields?: { jsonPath: string }[];
  schema: { openAPIV3Schema: StructuralSchema };
}

/** The type includes keywords that the CRDs do not use yet. */
type StructuralSchema = Schema &
  Record<string, unknown> & { "x-kubernetes-validations"?: readonly PublishedRule[] };

interface PublishedRule {
  rule: string;
  message: string;
}

export interface Change {
  kind: string;
  version: string;
  /**
   * Field path, for example `spec.users[].name`. Empty for a change outside the schema, for example a change to a short
   * name.
   */
  path: string;
  /** Change from the perspective of a client, for example `removed`. */
  effect: string;
}

/**
 * Lower bounds, which reject more values when they increase, and upper bounds, which reject more values when they
 * decrease.
 */
const LOWER = ["minimum", "minLength", "minItems", "minProperties"];
const UPPER = ["maximum", "maxLength", "maxItems", "maxProperties"];
/** Schema keywords for which any change can invalidate objects or alter how the API server merges them. */
const FIXED = [
  "type",
  "x-kubernetes-int-or-string",
  "x-kubernetes-embedded-resource",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-map-type",
];
/** Schema keywords that reject more values after they are added or changed. */
const RESTRICTIVE = [
  "pattern",
  "format",
  "multipleOf",
  "uniqueItems",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "anyOf",
  "allOf",
  "oneOf",
  "not",
];
/** Schema keywords whose removal makes the schema reject more values. */
const PERMISSIVE = ["nullable", "x-kubernetes-preserve-unknown-fields"];

/** Returns the changes that are incompatible for clients of the API versions that `before` serves. */
export function incompatibleChanges(before: readonly Crd[], after: readonly Crd[]): Change[] {
  return before.flatMap((old) => {
    const successor = after.find(({ metadata }) => metadata.name === old.metadata.name);
    const served = old.spec.versions.filter((version) => version.served);
    return served.flatMap((version) => {
      const effects = successor ? compareVersion(old, successor, version) : [["", "removed"] as const];
      const { kind } = old.spec.names;
      return effects.map(([path, effect]) => ({ kind, version: version.name, path, effect }));
    });
  });
}

type Effect = readonly [path: string, effect: string];

function compareVersion(old: Crd, crd: Crd, before: CrdVersion): Effect[] {
  const after = crd.spec.versions.find(({ name }) => name === before.name);
  if (after?.served !== true) return [["", "version no longer served"]];
  const lostNames = (old.spec.names.shortNames ?? []).filter(
    (name) => !crd.spec.names.shortNames?.includes(name),
  );
  const lostSelectors = (before.selectableFields ?? []).filter(
    (field) => !after.selectableFields?.some((other) => other.jsonPath === field.jsonPath),
  );
  const lostSubresources = Object.entries(before.subresources ?? {}).filter(
    ([name, value]) => !isDeepStrictEqual(value, after.subresources?.[name]),
  );
  return [
    ...changedKeys(old.spec, crd.spec, ["scope"]),
    ...changedKeys(old.spec.names, crd.spec.names, ["kind", "plural"]),
    ...lostNames.map((name): Effect => ["", `short name ${name} removed`]),
    ...lostSelectors.map(({ jsonPath }): Effect => [jsonPath.slice(1), "field selector removed"]),
    ...lostSubresources.map(([name]): Effect => ["", `subresource ${name} removed or changed`]),
    ...compareSchema(before.schema.openAPIV3Schema, after.schema.openAPIV3Schema, ""),
  ];
}

function changedKeys<T extends object>(old: T, now: T, keys: readonly (keyof T & string)[]): Effect[] {
  return keys
    .filter((key) => old[key] !== now[key])
    .map((key) => ["", `${key} changed to ${String(now[key])}`]);
}

function compareSchema(old: StructuralSchema, now: StructuralSchema, path: string): Effect[] {
  const here = [
    ...compareKeywords(old, now),
    ...compareEnum(old, now),
    ...compareDefault(old, now),
    ...compareRequired(old, now),
    ...newRules(old["x-kubernetes-validations"], now["x-kubernetes-validations"]),
  ];
  return [...here.map((effect): Effect => [path, effect]), ...compareChildren(old, now, path)];
}

function compareKeywords(old: StructuralSchema, now: StructuralSchema): string[] {
  const differs = (key: string): boolean => !isDeepStrictEqual(old[key], now[key]);
  const narrower = (key: string, sign: 1 | -1): boolean => {
    const [from, to] = [old[key], now[key]];
    return typeof to === "number" && (typeof from !== "number" || sign * (to - from) > 0);
  };
  const keys = [
    ...FIXED.filter(differs),
    ...RESTRICTIVE.filter((key) => differs(key) && now[key] !== undefined && now[key] !== false),
    ...PERMISSIVE.filter((key) => old[key] === true && now[key] !== true),
    ...LOWER.filter((key) => narrower(key, 1)),
    ...UPPER.filter((key) => narrower(key, -1)),
  ];
  return keys.map((key) => `${key} changed from ${show(old[key])} to ${show(now[key])}`);
}

function compareEnum({ enum: old }: StructuralSchema, { enum: now }: StructuralSchema): string[] {
  if (now === undefined) return [];
  if (old === undefined) return [`values limited to ${now.join(", ")}`];
  const lost = old.filter((value) => !now.includes(value));
  return lost.length === 0 ? [] : [`values removed: ${lost.join(", ")}`];
}

function compareDefault({ default: old }: StructuralSchema, { default: now }: StructuralSchema): string[] {
  if (isDeepStrictEqual(old, now)) return [];
  return [`default changed from ${show(old)} to ${show(now)}`];
}

/** The API server applies defaults before it checks required fields. */
function compareRequired(old: StructuralSchema, now: StructuralSchema): string[] {
  const added = (now.required ?? []).filter((name) => !old.required?.includes(name));
  const unfilled = added.filter((name) => now.properties?.[name]?.default === undefined);
  return unfilled.map((name) => `field ${name} required`);
}

/** Rules with the same CEL expression are equal, even if their messages differ. */
function newRules(old: readonly PublishedRule[] = [], now: readonly PublishedRule[] = []): string[] {
  const known = new Set(old.map(normalized));
  return now
    .filter((rule) => !known.has(normalized(rule)))
    .map(({ message }) => `validation rule added: ${message}`);
}

function normalized({ rule }: PublishedRule): string {
  return rule.replaceAll(/\s+/g, " ").trim();
}

function show(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
}

function compareChildren(old: StructuralSchema, now: StructuralSchema, path: string): Effect[] {
  const properties = Object.entries(old.properties ?? {}).flatMap(([name, schema]) =>
    compareChild(schema, now.properties?.[name], path === "" ? name : `${path}.${name}`),
  );
  return [
    ...properties,
    ...compareChild(old.items, now.items, `${path}[]`),
    ...compareChild(old.additionalProperties, now.additionalProperties, `${path}{}`),
  ];
}

function compareChild(old: Schema | undefined, now: Schema | undefined, path: string): Effect[] {
  if (old === undefined) return [];
  return now === undefined ? [[path, "removed"]] : compareSchema({ ...old }, { ...now }, path);
}

/**
 * Returns a message for each change that the API version does not permit. An alpha version permits each change that the
 * changelog describes.
 * @param changelog changelog entries since the compared release
 */
export function violations(changes: readonly Change[], changelog: string): string[] {
  const documented = changedEntries(changelog);
  return changes.flatMap((change) => {
    const field = `${change.kind} ${change.version} ${change.path}`.trim();
    if (!/^v\d+alpha\d+$/.test(change.version))
      return [
        `${field}: ${change.effect}. ${change.version} does not allow this change: add a version as described in docs/reference/api-policy.md`,
      ];
    const names = namesFor(change);
    if (names.some((name) => documented.includes(`\`${name}\``))) return [];
    return [
      `${field}: ${change.effect}. Add an entry under Changed in CHANGELOG.md that names \`${names[0]}\``,
    ];
  });
}

/**
 * Returns the names under which the changelog can describe a change: the paths of the field and its parents. If the
 * path is empty, the name is the kind.
 */
function namesFor({ kind, path }: Change): string[] {
  const parts = path.split(".");
  const names = parts.map((_, index) => parts.slice(0, parts.length - index).join("."));
  const specific = names.filter((name) => name.includes("."));
  return specific.length > 0 ? specific : [kind];
}

/** Returns the changelog text under the headings `Changed` and `Removed`. */
function changedEntries(changelog: string): string {
  const sections = changelog.split(/^### /m).slice(1);
  return sections.filter((section) => /^(?:Changed|Removed)\b/.test(section)).join("");
}

/** Returns the part of CHANGELOG.md above the entry for a release, for example 0.2.0. */
export function entriesSince(changelog: string, version: string): string {
  const headings = [...changelog.matchAll(/^## \[?([^\]\s]+)/gm)];
  const release = headings.find(([, name]) => name === version);
  return changelog.slice(0, release?.index);
}
