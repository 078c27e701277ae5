import { load } from "js-yaml";
import type { Schema } from "../../src/api/schema.ts";
import { isRecord } from "../../src/common/json.ts";

/** Members of a CustomResourceDefinition that generators and tests read. */
export interface Crd {
  metadata: { name: string };
  spec: {
    group: string;
    names: { kind: string; plural: string; shortNames: string[]; categories: string[] };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
}

/** Fields that the operator copies unchanged to Kubernetes objects. */
export const HANDED_ON: ReadonlySet<string> = new Set([
  "tolerations",
  "affinity",
  "topologySpreadConstraints",
  "namespaceSelector",
  "podSelector",
]);

/** Parses a CRD. */
export function parseCrd(yaml: string): Crd {
  const document = load(yaml);
  if (!isCrd(document)) throw new Error("not a CustomResourceDefinition");
  return document;
}

function isCrd(document: unknown): document is Crd {
  return isRecord(document) && document["kind"] === "CustomResourceDefinition";
}

/** Returns the schema of the only version in a CRD. */
export function schemaOf(crd: Crd): Schema {
  const [version, another] = crd.spec.versions;
  if (version === undefined || another !== undefined) throw new Error("the CRD must have one version");
  return version.schema.openAPIV3Schema;
}

/** Returns a copy of a schema without descriptions. */
export function withoutDescriptions(schema: Schema): Schema {
  const { description: _, ...rest } = schema;
  const { properties, items, additionalProperties } = rest;
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, withoutDescriptions(property)]),
      ),
    }),
    ...(items && { items: withoutDescriptions(items) }),
    ...(additionalProperties && { additionalProperties: withoutDescriptions(additionalProperties) }),
  };
}
