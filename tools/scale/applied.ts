/** Reconstructs the body of a server-side apply from `managedFields`. */
import type { KubeObject } from "../../src/api/kubernetes.ts";

interface ManagedObject extends KubeObject {
  metadata: KubeObject["metadata"] & {
    managedFields?: { manager: string; operation: string; subresource?: string; fieldsV1: Fields }[];
  };
}

/** `FieldsV1` of the API: `f:name` is a field, `k:{…}` is a list item with these keys, and `v:…` is a set item. */
interface Fields {
  [path: string]: Fields;
}

/** Returns the object that the manager applied, or undefined if the manager applied nothing. */
export function appliedBy(manager: string, object: ManagedObject): KubeObject[] {
  const entry = object.metadata.managedFields?.find(
    (owner) => owner.manager === manager && owner.operation === "Apply" && owner.subresource === undefined,
  );
  if (entry === undefined) return [];
  const { apiVersion, kind, metadata } = object;
  const applied = extract(object, entry.fieldsV1);
  const { name, namespace = "" } = metadata;
  return [{ ...applied, apiVersion, kind, metadata: { ...applied.metadata, name, namespace } }];
}

function extract(value: any, fields: Fields): any {
  const paths = Object.keys(fields).filter((path) => path !== ".");
  if (paths.length === 0) return value;
  if (!Array.isArray(value)) {
    const names = paths.map((path) => path.slice("f:".length));
    return Object.fromEntries(names.map((name) => [name, extract(value[name], fields[`f:${name}`] ?? {})]));
  }
  return paths.map((path) => {
    const wanted = JSON.parse(path.slice("k:".length));
    return path.startsWith("v:")
      ? wanted
      : extract(value.find(matches(wanted)), withKeys(fields[path] ?? {}, wanted));
  });
}

function matches(wanted: Record<string, unknown>): (item: Record<string, unknown>) => boolean {
  return (item) => Object.entries(wanted).every(([key, value]) => item[key] === value);
}

/**
 * Adds the merge keys of a list item. A merge key with a default can have no owner, but is required to identify the
 * item.
 */
function withKeys(fields: Fields, keys: object): Fields {
  if (Object.keys(fields).length === 0) return fields;
  return { ...fields, ...Object.fromEntries(Object.keys(keys).map((key) => [`f:${key}`, {}])) };
}
