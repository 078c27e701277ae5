/**
 * Generates the owned CRDs in the ClusterServiceVersion. Each field directly below `spec` and `status` has a
 * descriptor.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { yamlToJson } from "../yaml.ts";

interface Schema {
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
}

/** CRD members that the descriptors use. */
export interface CustomResourceDefinition {
  metadata: { name: string };
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
}

export interface Descriptor {
  path: string;
  displayName: string;
  description?: string;
  "x-descriptors"?: string[];
}

export interface OwnedCrd {
  name: string;
  version: string;
  kind: string;
  displayName: string;
  description: string;
  specDescriptors: Descriptor[];
  statusDescriptors: Descriptor[];
}

/** https://github.com/openshift/console/blob/main/frontend/packages/operator-lifecycle-manager/src/components/descriptors/reference/reference.md */
const CAPABILITY = "urn:alm:descriptor:";
const BY_PATH: Readonly<Record<string, string>> = {
  conditions: `${CAPABILITY}io.kubernetes.conditions`,
  replicas: `${CAPABILITY}com.tectonic.ui:podCount`,
};
const BY_TYPE: Readonly<Record<string, string>> = {
  boolean: `${CAPABILITY}com.tectonic.ui:booleanSwitch`,
  integer: `${CAPABILITY}com.tectonic.ui:number`,
  string: `${CAPABILITY}com.tectonic.ui:text`,
};

/** Returns the CRDs in a checkout, sorted by file name. */
export function readCrds(root: string): CustomResourceDefinition[] {
  return globSync("crds/*.yaml", { cwd: root })
    .toSorted()
    .map((file) => {
      const crd: CustomResourceDefinition = JSON.parse(yamlToJson(readFileSync(join(root, file), "utf8")));
      return crd;
    });
}

/** Returns the descriptors of a CRD. @throws Error when the schema has no description or no `spec` */
export function ownedCrd({ metadata, spec }: CustomResourceDefinition): OwnedCrd {
  const [version] = spec.versions;
  const schema = version?.schema.openAPIV3Schema;
  const properties = schema?.properties;
  if (version === undefined || schema?.description === undefined || properties?.["spec"] === undefined)
    throw new Error(`${metadata.name} has no version with a description and a spec`);
  return {
    name: metadata.name,
    version: version.name,
    kind: spec.names.kind,
    displayName: spec.names.kind,
    description: schema.description,
    specDescriptors: descriptorsOf(properties["spec"]),
    statusDescriptors: descriptorsOf(properties["status"]),
  };
}

function descriptorsOf(schema: Schema | undefined): Descriptor[] {
  return Object.entries(schema?.properties ?? {}).map(([path, { type = "", description }]) => {
    const capability = BY_PATH[path] ?? BY_TYPE[type];
    return {
      path,
      displayName: displayNameOf(path),
      ...(description !== undefined && { description: description.trim() }),
      ...(capability !== undefined && { "x-descriptors": [capability] }),
    };
  });
}

/** Converts a field name to a title: `drainPeriodSeconds` becomes `Drain Period Seconds`, and `tls` becomes `TLS`. */
function displayNameOf(path: string): string {
  if (path === "tls") return "TLS";
  const words = path.replaceAll(/(?<=[a-z])(?=[A-Z])/gu, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
