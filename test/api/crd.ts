import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Schema } from "../../src/api/schema.ts";

export const ROOT = join(import.meta.dirname, "../..");
export const CRD_FILE = join(ROOT, "crds/ftpservers.ftp-operator.io.yaml");

export const USER_CRD_FILE = join(ROOT, "crds/ftpusers.ftp-operator.io.yaml");

/** Every kind's definition. */
export const CRD_FILES = [CRD_FILE, USER_CRD_FILE];

export function crdYaml(file = CRD_FILE): string {
  return readFileSync(file, "utf8");
}

/** Shows `visit` a schema and all below it, each with its path, such as `.spec.users[].name`. */
export function everySchema(schema: Schema, visit: (schema: Schema, path: string) => void, path = ""): void {
  visit(schema, path);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    everySchema(property, visit, `${path}.${name}`);
  }
  if (schema.items) everySchema(schema.items, visit, `${path}[]`);
  if (schema.additionalProperties) everySchema(schema.additionalProperties, visit, `${path}{}`);
}
