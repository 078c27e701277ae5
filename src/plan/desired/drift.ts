import type { KubeObject } from "../../api/kubernetes.ts";
import { HASH_ANNOTATION } from "../model/objects.ts";
import { hashOf, isRecord } from "../../common/json.ts";
import { parseQuantity } from "../../common/quantity.ts";

/**
 * Returns the object with an annotation that contains the hash of the object. With the hash, a removed field counts as
 * a difference.
 */
export function withHash<T extends KubeObject>(desired: T): T {
  const annotations = { ...desired.metadata.annotations, [HASH_ANNOTATION]: hashOf(desired) };
  return { ...desired, metadata: { ...desired.metadata, annotations } };
}

/**
 * Returns whether an apply of `desired` would change `observed`. {@link withHash} must have returned `desired`. API
 * server defaults and fields of other managers do not count as differences.
 */
export function needsApply(desired: KubeObject, observed: KubeObject | undefined): boolean {
  if (observed === undefined) return true;
  return !covers(observed, desired, desired.kind === "NetworkPolicy" ? NO_KEYS : LIST_KEYS);
}

type ListKeys = ReadonlyMap<string, readonly string[]>;

/**
 * Identifying fields of list items, keyed by list name. The table contains only lists that the API server merges. An
 * apply keeps the items that other managers add to these lists. An apply replaces all other lists, and all lists in a
 * NetworkPolicy.
 */
const LIST_KEYS: ListKeys = new Map([
  ["ownerReferences", ["uid"]],
  ["containers", ["name"]],
  ["env", ["name"]],
  ["volumes", ["name"]],
  ["volumeMounts", ["mountPath"]],
  ["imagePullSecrets", ["name"]],
  ["ports", ["name"]],
  ["topologySpreadConstraints", ["topologyKey", "whenUnsatisfiable"]],
]);

const NO_KEYS: ListKeys = new Map();

/**
 * Names of objects whose fields are all quantities. {@link QUANTITY_FIELDS} contains the names of other fields that are
 * quantities.
 */
const QUANTITY_PARENTS: ReadonlySet<string> = new Set(["limits", "requests"]);
const QUANTITY_FIELDS: ReadonlySet<string> = new Set(["sizeLimit"]);

/** Returns whether `observed` contains every value of `desired`. */
function covers(observed: unknown, desired: unknown, keys: ListKeys, path: readonly string[] = []): boolean {
  if (desired === undefined) return true;
  if (isEmpty(desired) && observed === undefined) return true;
  if (Array.isArray(desired)) return Array.isArray(observed) && coversList(observed, desired, keys, path);
  if (isRecord(desired)) {
    return (
      isRecord(observed) &&
      Object.entries(desired).every(([field, value]) =>
        covers(own(observed, field), value, keys, [...path, field]),
      )
    );
  }
  return desired === observed || (isQuantity(path) && sameQuantity(desired, observed));
}

function coversList(
  observed: unknown[],
  desired: unknown[],
  keys: ListKeys,
  path: readonly string[],
): boolean {
  const key = keys.get(path.at(-1) ?? "");
  if (key === undefined) {
    return (
      observed.length === desired.length && desired.every((item, i) => covers(observed[i], item, keys, path))
    );
  }
  const byKey = new Map(observed.map((item) => [keyOf(item, key), item]));
  return desired.every((item) => covers(byKey.get(keyOf(item, key)), item, keys, path));
}

function keyOf(item: unknown, fields: readonly string[]): string {
  return isRecord(item) ? JSON.stringify(fields.map((field) => item[field])) : String(item);
}

/** Returns the value of a property, or undefined if the object only inherits the property. */
function own(object: Record<string, unknown>, field: string): unknown {
  return Object.hasOwn(object, field) ? object[field] : undefined;
}

/** Returns whether a value is an empty list or map, which the API server omits. */
function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

function isQuantity(path: readonly string[]): boolean {
  return QUANTITY_FIELDS.has(path.at(-1) ?? "") || QUANTITY_PARENTS.has(path.at(-2) ?? "");
}

function sameQuantity(a: unknown, b: unknown): boolean {
  const [left, right] = [a, b].map((value) =>
    typeof value === "string" || typeof value === "number" ? parseQuantity(value) : undefined,
  );
  return left !== undefined && left === right;
}
