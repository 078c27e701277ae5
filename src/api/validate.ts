import type { FtpServer } from "./ftpserver.generated.ts";
import type { FtpUser } from "./ftpuser.generated.ts";
import { API_VERSION } from "./names.ts";
import { holds } from "./rules.ts";
import { FTP_SERVER_SCHEMA, FTP_USER_SCHEMA } from "./schema.generated.ts";
import type { Schema } from "./schema.ts";
import { isRecord } from "../common/json.ts";
import { parseTime } from "../common/times.ts";

/** A violation of the schema or of a rule. */
export interface Violation {
  /** For example `spec.users[0].name`. */
  path: string;
  /** Description of the violation and its correction. */
  message: string;
  /** Id of the violated rule. The id is absent if the value violates the schema itself. */
  rule?: string;
}

/** Kinds that this module can validate, with their object types. */
interface Kinds {
  FtpServer: FtpServer;
  FtpUser: FtpUser;
}

const SCHEMAS: Readonly<Record<keyof Kinds, Schema>> = {
  FtpServer: FTP_SERVER_SCHEMA,
  FtpUser: FTP_USER_SCHEMA,
};

/**
 * Validates an object like the API server: against the schema, for unknown fields and against the rules. The function
 * does not evaluate rules that compare an object with its previous version. Fields with a default value can be absent.
 * @returns all violations
 */
export function validate(kind: keyof Kinds, object: unknown): Violation[] {
  return check(kind, fill(SCHEMAS[kind], object));
}

/** A valid object including default values, or the violations of an invalid object. */
export type Checked<T> = { value: T } | { violations: Violation[] };

/** Validates an object and adds default values from the schema. */
export function checked<K extends keyof Kinds>(kind: K, object: unknown): Checked<Kinds[K]> {
  const filled = fill(SCHEMAS[kind], object);
  const violations = check(kind, filled);
  return isOfKind(kind, filled, violations) ? { value: filled } : { violations };
}

/**
 * Returns a copy of an object with default values from the schema.
 * @throws Error with all violations if the object is invalid
 */
export function withDefaults<K extends keyof Kinds>(kind: K, object: unknown): Kinds[K] {
  const result = checked(kind, object);
  if ("value" in result) return result.value;
  throw new Error(result.violations.map(({ path, message }) => `${path}: ${message}`).join("\n"));
}

function isOfKind<K extends keyof Kinds>(
  _kind: K,
  _filled: unknown,
  violations: readonly Violation[],
): _filled is Kinds[K] {
  return violations.length === 0;
}

/** Returns a copy with default values and without null fields. */
function fill(schema: Schema, value: unknown): unknown {
  const { items } = schema;
  if (Array.isArray(value)) return items ? value.map((item) => fill(items, item)) : value;
  return isRecord(value) ? fillObject(schema, value) : value;
}

function fillObject({ properties, additionalProperties }: Schema, value: object): object {
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const below = properties?.[name] ?? additionalProperties;
    if (member !== null) result[name] = below ? fill(below, member) : structuredClone(member);
  }
  for (const [name, property] of Object.entries(properties ?? {})) {
    if (result[name] === undefined && property.default !== undefined) {
      result[name] = fill(property, property.default);
    }
  }
  return result;
}

function check(kind: keyof Kinds, object: unknown): Violation[] {
  if (!isRecord(object)) return [{ path: "", message: `must be an object of kind ${kind}` }];
  const identity: Violation[] = [];
  if (object["apiVersion"] !== API_VERSION) {
    identity.push({ path: "apiVersion", message: `must be ${API_VERSION}` });
  }
  if (object["kind"] !== kind) identity.push({ path: "kind", message: `must be ${kind}` });
  const { metadata } = object;
  if (!isRecord(metadata) || typeof metadata["name"] !== "string") {
    identity.push({ path: "metadata.name", message: "Required value" });
  }
  return identity.length > 0 ? identity : checkValue(SCHEMAS[kind], object, "");
}

/** Evaluates rules only for values that match their schema, because rules depend on the schema. */
function checkValue(schema: Schema, value: unknown, path: string): Violation[] {
  const violations = [...checkShape(schema, value, path)];
  if (violations.length > 0) return violations;
  return (schema.rules ?? [])
    .filter((rule) => !holds(rule, value))
    .map(({ fieldPath = "", message, id }) => ({
      path: `${path}${fieldPath}`.replace(/^\./, ""),
      message,
      rule: id,
    }));
}

function checkShape(schema: Schema, value: unknown, path: string): Iterable<Violation> {
  const { renamed, rules = [] } = schema;
  if (renamed !== undefined) return rules.map(({ message, id }) => ({ path, message, rule: id }));
  if (schema["x-kubernetes-int-or-string"]) return checkIntOrString(schema, value, path);
  if (schema.type === "object" && isRecord(value)) return checkObject(schema, value, path);
  if (schema.type === "array" && Array.isArray(value)) return checkArray(schema, value, path);
  if (schema.type === "string" && typeof value === "string") return checkString(schema, value, path);
  if (schema.type === "integer" && Number.isInteger(value)) return checkInteger(schema, Number(value), path);
  return [{ path, message: `must be of type ${schema.type}` }];
}

function checkIntOrString(schema: Schema, value: unknown, path: string): Iterable<Violation> {
  if (typeof value === "string") return checkString(schema, value, path);
  if (Number.isInteger(value)) return checkInteger(schema, Number(value), path);
  return [{ path, message: "must be an integer or a string" }];
}

function* checkObject(schema: Schema, value: Record<string, unknown>, path: string): Generator<Violation> {
  const { properties, additionalProperties, required = [], maxProperties = Infinity } = schema;
  if (properties === undefined && additionalProperties === undefined) return;
  if (Object.keys(value).length > maxProperties) {
    yield { path, message: `must have at most ${maxProperties} items` };
  }
  for (const name of required) {
    if (value[name] === undefined) yield { path: join(path, name), message: "Required value" };
  }
  for (const [name, member] of Object.entries(value)) {
    const property = properties?.[name] ?? additionalProperties;
    if (property) yield* checkValue(property, member, join(path, name));
    else yield { path: join(path, name), message: "unknown field" };
  }
}

function* checkArray(schema: Schema, items: readonly unknown[], path: string): Generator<Violation> {
  const { minItems = 0, maxItems = Infinity } = schema;
  if (items.length < minItems) yield { path, message: `should have at least ${minItems} items` };
  if (items.length > maxItems) yield { path, message: `must have at most ${maxItems} items` };
  const keys = new Set<string>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(schema, item);
    if (key !== undefined && keys.has(key))
      yield { path: `${path}[${index}]`, message: `Duplicate value: ${key}` };
    if (key !== undefined) keys.add(key);
    if (schema.items) yield* checkValue(schema.items, item, `${path}[${index}]`);
  }
}

/** Returns the key of an item in a set or map list. Returns undefined for other lists. */
function keyOf(schema: Schema, item: unknown): string | undefined {
  const type = schema["x-kubernetes-list-type"];
  if (type === "set") return JSON.stringify(item);
  if (type !== "map" || !isRecord(item)) return undefined;
  return JSON.stringify(
    Object.fromEntries((schema["x-kubernetes-list-map-keys"] ?? []).map((key) => [key, item[key]])),
  );
}

function* checkString(schema: Schema, text: string, path: string): Generator<Violation> {
  const { minLength = 0, maxLength = Infinity, pattern, enum: values } = schema;
  const { length } = Array.from(text);
  if (length < minLength) yield { path, message: `should be at least ${minLength} chars long` };
  if (length > maxLength) yield { path, message: `may not be more than ${maxLength} bytes` };
  if (schema.format === "date-time" && parseTime(text) === undefined) {
    yield {
      path,
      message: "must be of type date-time; write an RFC 3339 time, for example 2030-01-31T00:00:00Z",
    };
  }
  if (pattern !== undefined && !new RegExp(pattern, "u").test(text)) {
    yield { path, message: `should match '${pattern}'` };
  }
  if (values !== undefined && !values.includes(text)) {
    yield { path, message: `supported values: ${values.map((value) => JSON.stringify(value)).join(", ")}` };
  }
}

function* checkInteger(schema: Schema, value: number, path: string): Generator<Violation> {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  if (value < minimum) yield { path, message: `should be greater than or equal to ${minimum}` };
  if (value > maximum) yield { path, message: `should be less than or equal to ${maximum}` };
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
