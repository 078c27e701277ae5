/** Parts of a CRD for which conventions are checked. */
import type { Crd } from "../../generate-api/crd.ts";
import type { Schema } from "../../../src/api/schema.ts";

/** A schema inside a CRD, with its location. */
export interface Part {
  schema: Schema;
  /**
   * Path from the root, for example `spec.users[].name`. The suffix `{}` represents the values of a map. Empty for the
   * root.
   */
  path: string;
  /** Field name. Empty for list items and map values. */
  name: string;
  /** Whether the containing object requires the field. */
  required: boolean;
}

/** Returns the root schema and all nested schemas, except schemas that Kubernetes defines for all objects. */
export function partsOf(root: Schema): Part[] {
  const parts = below({ schema: root, path: "", name: "", required: true });
  return parts.filter(({ path }) => !["apiVersion", "kind", "metadata"].includes(path));
}

function below(part: Part): Part[] {
  const { schema, path } = part;
  const { properties = {}, items, additionalProperties } = schema;
  const members = Object.entries(properties).map(([name, member]) => ({
    schema: member,
    path: path === "" ? name : `${path}.${name}`,
    name,
    required: schema.required?.includes(name) ?? false,
  }));
  const element = (child: Schema | undefined, suffix: string): Part[] =>
    child ? [{ schema: child, path: `${path}${suffix}`, name: "", required: true }] : [];
  return [
    part,
    ...[...members, ...element(items, "[]"), ...element(additionalProperties, "{}")].flatMap(below),
  ];
}

/** Returns the schema at a path such as `spec.users[].name`, or undefined. */
export function schemaAt(root: Schema, path: string): Schema | undefined {
  return partsOf(root).find((part) => part.path === path)?.schema;
}

/** Returns whether a field exists only to reject a field name from an earlier draft. */
export function isRenamed({ schema }: Part): boolean {
  return schema.renamed !== undefined;
}

/** Members of a CRD version, except its schema. */
export type Version = Crd["spec"]["versions"][number] & {
  subresources?: { status?: object };
  selectableFields?: { jsonPath: string }[];
  additionalPrinterColumns?: { name: string; jsonPath: string; description?: string }[];
};
