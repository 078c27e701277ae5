import type { KubeObject } from "../../api/kubernetes.ts";
import { HASH_ANNOTATION } from "../model/annotations.ts";
import { hashOf } from "../../common/canonical-json.ts";
import { parseQuantity } from "../../common/quantity.ts";

/** The desired object, marked with a hash of itself, so that a field that is no longer wished is noticed too. */
export function withHash<T extends KubeObject>(desired: T): T {
  const annotations = { ...desired.metadata.annotations, [HASH_ANNOTATION]: hashOf(desired) };
  return { ...desired, metadata: { ...desired.metadata, annotations } };
}

/**
 * Whether applying `desired` (made by {@link withHash}) would change `observed`: the wish has changed, or somebody
 * has changed what it covers. Defaults of the API server and fields of other managers are not differences.
 */
export function needsApply(desired: KubeObject, observed: KubeObject | undefined): boolean {
  if (observed === undefined) return true;
  return !covers(observed, desired, desired.kind === "NetworkPolicy" ? NO_KEYS : LIST_KEYS);
}

type ListKeys = ReadonlyMap<string, readonly string[]>;

/**
 * Lists that the API server merges by key, by field name. Others may add items to them, which an apply would leave
 * alone. Every other list is replaced as a whole, as are all lists of a NetworkPolicy.
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

/** Fields whose members are quantities, or that are one themselves. */
const QUANTITY_PARENTS: ReadonlySet<string> = new Set(["limits", "requests"]);
const QUANTITY_FIELDS: ReadonlySet<string> = new Set(["sizeLimit"]);

/** Whether everything that `desired` says is so in `observed`. */
function covers(observed: unknown, desired: unknown, keys: ListKeys, path: readonly string[] = []): boolean {
  if (desired === undefined) return true;
  if (isEmpty(desired) && observed === undefined) return true;
  if (Array.isArray(desired)) return Array.isArray(observed) && coversList(observed, desired, keys, path);
  if (isRecord(desired)) {
    return (
      isRecord(observed) &&
      Object.entries(desired).every(([field, desired]) =>
        covers(own(observed, field), desired, keys, [...path, field]),
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
      observed.length === desired.length &&
      desired.every((desired, i) => covers(observed[i], desired, keys, path))
    );
  }
  const byKey = new Map(observed.map((item) => [keyOf(item, key), item]));
  return desired.every((desired) => covers(byKey.get(keyOf(desired, key)), desired, keys, path));
}

function keyOf(item: unknown, fields: readonly string[]): string {
  return isRecord(item) ? JSON.stringify(fields.map((field) => item[field])) : String(item);
}

/** A field of the object itself, and none that every object inherits. */
function own(object: Record<string, unknown>, field: string): unknown {
  return Object.hasOwn(object, field) ? object[field] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The API server leaves out empty lists and maps. */
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
