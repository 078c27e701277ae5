/**
 * Finds the parts of a schema where server-side apply merges values from two field managers, and generates sample
 * values.
 */
import type { Schema } from "../../src/api/schema.ts";

export interface MergePlace {
  /** For example `users[].passwordSecretRef`. */
  path: string;
  merge: "atomic object" | "atomic list" | "set list" | "map list";
  /**
   * Sample values that the first and the second field manager apply. For a reference, the second value has only one of
   * the fields in the first value.
   */
  first: any;
  second: any;
  /** Whether the second field manager changes a field that the first field manager owns. */
  conflicts: boolean;
  /** Returns an object that contains only the given value, at `path`. */
  wrap(value: any): unknown;
  /** Returns the value at `path` in the object. */
  read(object: any): any;
}

type Place = Pick<MergePlace, "path" | "wrap" | "read">;

/** Returns a copy of the schema with only the types, property names and merge settings. */
export function structureOf(schema: Schema): Schema {
  const { type, properties = {}, items, additionalProperties } = schema;
  const kept = Object.entries(schema).filter(
    ([keyword]) =>
      keyword.startsWith("x-kubernetes-list") ||
      keyword === "x-kubernetes-map-type" ||
      keyword === "x-kubernetes-int-or-string",
  );
  const members = Object.entries(properties).filter(([, { renamed }]) => renamed === undefined);
  const keys = schema["x-kubernetes-list-map-keys"];
  return {
    ...Object.fromEntries(kept),
    ...(type && { type }),
    ...(members.length > 0 && {
      properties: Object.fromEntries(members.map(([name, member]) => [name, structureOf(member)])),
    }),
    ...(items && { items: { ...structureOf(items), ...(keys && { required: keys }) } }),
    ...(additionalProperties && { additionalProperties: structureOf(additionalProperties) }),
  };
}

/** Returns the places in a schema that are not inside an atomic value. */
export function* mergePlaces(
  schema: Schema,
  place: Place = { path: "", wrap: (value) => value, read: (object) => object },
): Generator<MergePlace> {
  if (schema["x-kubernetes-map-type"] === "atomic") {
    const first: Record<string, unknown> = sample(schema, "a");
    const [name = ""] = schema.required ?? Object.keys(first);
    const second = { [name]: sample(schema.properties?.[name] ?? {}, "b") };
    yield { ...place, merge: "atomic object", first, second, conflicts: true };
    return;
  }
  for (const [name, member] of Object.entries(schema.properties ?? {}))
    if (member.renamed === undefined) yield* mergePlaces(member, inside(place, name));
  if (schema.items) yield* listPlaces(schema, schema.items, place);
}

function inside({ path, wrap, read }: Place, name: string): Place {
  return {
    path: path === "" ? name : `${path}.${name}`,
    wrap: (value) => wrap({ [name]: value }),
    read: (object) => read(object)[name],
  };
}

function* listPlaces(list: Schema, items: Schema, place: Place): Generator<MergePlace> {
  const type = list["x-kubernetes-list-type"] ?? "atomic";
  const values = { first: [sample(items, "a")], second: [sample(items, "b")] };
  yield { ...place, ...values, merge: `${type} list`, conflicts: type === "atomic" };
  if (type !== "map") return;
  // Equal keys ensure that both field managers apply the same item.
  const keys = Object.fromEntries((list["x-kubernetes-list-map-keys"] ?? []).map((key) => [key, "same"]));
  const wrap = (value: object): unknown => place.wrap([{ ...keys, ...value }]);
  yield* mergePlaces(items, {
    path: `${place.path}[]`,
    wrap,
    read: (object) => place.read(object)[0],
  });
}

/** Returns a sample value for a schema. Different tags produce different values. */
function sample(schema: Schema, tag: "a" | "b"): any {
  const { type, properties, items, additionalProperties } = schema;
  if (type === "array") return items ? [sample(items, tag)] : [];
  if (type === "integer" || schema["x-kubernetes-int-or-string"]) return tag === "a" ? 1 : 2;
  if (type === "string") return tag;
  if (additionalProperties) return { [tag]: sample(additionalProperties, tag) };
  const members = Object.entries(properties ?? {}).filter(([, { renamed }]) => renamed === undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, sample(member, tag)]));
}
