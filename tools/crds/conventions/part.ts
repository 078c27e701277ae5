/** The parts of a CRD that conventions apply to. */
import type { Crd } from "../../generate-api/crd.ts";
import type { Schema } from "../../../src/api/schema.ts";

/** A schema inside a CRD, with its place. */
export interface Part {
  schema: Schema;
  /** Path from the root, for example `spec.users[].name`; `{}` means the values of a map. Empty for the root. */
  path: string;
  /** Name of the field; empty for items of lists and values of maps. */
  name: string;
  /** Whether the object that contains the field requires it. */
  required: boolean;
}

/** Returns the root and all schemas below it, except those that Kubernetes defines for all objects. */
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

/** Returns the schema at a path of {@link Part}, if there is one. */
export function schemaAt(root: Schema, path: string): Schema | undefined {
  return partsOf(root).find((part) => part.path === path)?.schema;
}

/** Returns whether a field only exists to reject a name of an earlier draft. */
export function isRenamed({ schema }: Part): boolean {
  return schema.renamed !== undefined;
}

/** Members of a CRD version outside its schema. */
export type Version = Crd["spec"]["versions"][number] & {
  subresources?: { status?: object };
  selectableFields?: { jsonPath: string }[];
  additionalPrinterColumns?: { name: string; jsonPath: string; description?: string }[];
};
